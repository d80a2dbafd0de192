"""What fixes of a module's mutants are worth: the library is asked, with the fixed texts in it.

Every class is looked at that the mutant had changed, that the fix changed, or that rests on one of these,
with all that ``behaviour`` knows: building, ties, getters, saving, loading and resizing.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator, Mapping
from dataclasses import replace as with_fields

import torch

from tests.lab.mutants import record
from tests.lab.mutants.child_processes import Lost, in_child
from tests.lab.mutants.comparison import REPAIRED, Behaviours, differing, worth
from tests.lab.mutants.loading import stay_offline, warm_up
from tests.lab.mutants.mutant import MODELS, Mutant, concerned_by
from tests.lab.mutants.reachable import classes
from tests.lab.mutants.repair import Repair
from tests.lab.mutants.replaced_modules import import_all_but, replace, without_docstrings
from tests.lab.mutants.source_edits import find_class
from tests.lab.truth.observe import quieten

TIMEOUT = 90
Texts = Mapping[str, str]
"""By the path below the package."""


def get_ready() -> None:
    """Prepare the process once for all modules."""
    quieten()
    torch.set_num_threads(1)
    stay_offline()
    warm_up()
    without_docstrings()
    gc.freeze()


def checked(module: str, repairs: list[Repair]) -> Iterator[Repair]:
    """The repairs of a module without their texts, with what they are worth."""
    original = in_child(20 * TIMEOUT, record.observe_original, module)
    if isinstance(original, Lost):
        return
    import_all_but(record.package_of_models(module), original.neighbours)
    for repair in repairs:
        yield with_fields(repair, texts={}, verdict=_verdict(repair, original))


def _verdict(repair: Repair, original: record.Original) -> str:
    """What a fix is worth, in the words of ``comparison.worth``; "lost" where the library gave no answer."""
    mutated = {_below_package(repair.mutant): repair.mutant.text(record.PACKAGE)}
    names = [name for name in looked_at(repair, mutated) if name in original.behaviour]
    fixed = in_child(TIMEOUT, _behaviours, repair.mutant, repair.texts, names, original)
    if isinstance(fixed, Lost):
        return f"lost: {fixed.why}"
    if not any(differing(original.behaviour, fixed).values()):
        return REPAIRED
    broken = in_child(TIMEOUT, _behaviours, repair.mutant, mutated, names, original)
    if isinstance(broken, Lost):
        return f"lost: {broken.why}"
    return worth(original.behaviour, broken, fixed)


def looked_at(repair: Repair, mutated: Texts) -> list[str]:
    """The classes of the module that a mutant, or its fix, can have changed."""
    models = f"{MODELS.removeprefix('transformers.')}{repair.mutant.module}".replace(".", "/") + ".py"
    released = {path: record.PACKAGE.joinpath(path).read_text(encoding="utf-8") for path in repair.texts}
    before = {**released, **mutated}
    text = repair.texts[models]
    every = classes(text)
    if any(changed != before[path] for path, changed in repair.texts.items() if path != models):
        return every
    touched = [name for name in every if _source(text, name) != _source(before[models], name)]
    resting = {name for one in touched for name in concerned_by(text, one, every)}
    return [name for name in every if name in resting or name in repair.classes]


def _source(text: str, class_name: str) -> str | None:
    cls = find_class(text, class_name)
    return None if cls is None else ast.dump(cls)


def _below_package(mutant: Mutant) -> str:
    return mutant.file(record.PACKAGE).relative_to(record.PACKAGE).as_posix()


def _behaviours(mutant: Mutant, texts: Texts, names: list[str], original: record.Original) -> Behaviours:
    """How the classes behave with these texts in place of the real files, in a process of its own."""
    for path, text in texts.items():
        replace("transformers." + path.removesuffix(".py").replace("/", "."), text)
    try:
        models = record.models_of(mutant.module)
    except Exception as error:
        return {name: {"import": str(error)} for name in names}
    forced = mutant.how.where == "modeling"
    return {name: record.observed(mutant, original, models, name, forced) for name in names}
