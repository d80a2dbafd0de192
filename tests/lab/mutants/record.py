"""Record what the installed ``transformers`` does with each mutant of its own files.

    python -m tests.lab.mutants.record --out FILE [--modules bert.modeling_bert,…] [--operator wrap-model]
        [--jobs 2] [--timeout 90]

A child process for each module imports it and puts the mutated class in the place of the released one, mutant
by mutant; a mutated config is imported in place of the real file in a child of its own. Of the classes that
rest on the mutated one, those that tie are compared with their unmutated selves (``behaviour`` says in what);
if that shows nothing, all others of the module are, with the config's own flag only. Finished mutants are
appended to FILE.part at once; a second run with the same FILE goes on from there. With ``--operator`` the
mutants of all others stay as they are recorded.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import argparse
import datetime
import gc
import importlib
import inspect
import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import PreTrainedModel

from tests.lab.mutants.behaviour import COSTLY, backbone_of, behaviour, shrinks
from tests.lab.mutants.child_processes import Lost, alarm, forked, in_child
from tests.lab.mutants.comparison import Behaviour, changes
from tests.lab.mutants.loading import stay_offline, warm_up
from tests.lab.mutants.mutant import MODELS, Mutant, concerned_by, mutants, source_file, tying
from tests.lab.mutants.operators import all_operators
from tests.lab.mutants.operators.renaming import in_old_names
from tests.lab.mutants.records import Header, Outcome, decode, encode, load, load_header, write
from tests.lab.mutants.replaced_modules import class_replaced, import_all_but, replace, without_docstrings
from tests.lab.truth.observe import quieten, short

PACKAGE = Path(transformers.__file__).parent
RELEASE = transformers.__version__


@dataclass
class Original:
    """An unmutated module: how its classes behave, by name, and which cannot be built."""

    behaviour: dict[str, Behaviour] = field(default_factory=dict)
    unsteady: dict[str, set[str]] = field(default_factory=dict)
    """The aspects in which a class does not do the same again, which are no part of its behaviour here."""
    backbones: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    """Module and name of the class with which a class shares checkpoints."""
    small: dict[str, bool] = field(default_factory=dict)
    not_built: dict[str, str] = field(default_factory=dict)
    neighbours: list[str] = field(default_factory=list)
    """The modules that had to be imported for it, in this order."""


def main(arguments: list[str] | None = None) -> int:
    """Run the recorder; see the module docstring."""
    parser = argparse.ArgumentParser("tests.lab.mutants.record", description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--modules", help="only these, separated by commas")
    parser.add_argument("--operator", action="append", choices=all_operators(), help="only of this one")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=90, help="seconds for one mutant")
    options = parser.parse_args(arguments)

    quieten()
    torch.set_num_threads(1)
    stay_offline()
    warm_up()
    without_docstrings()
    gc.freeze()
    modules = options.modules.split(",") if options.modules else sorted(tying(RELEASE))
    part = options.out.with_suffix(".part")
    part.touch()
    operators = frozenset(options.operator or all_operators())
    done = {outcome.mutant for outcome in _read(part)[0]}
    running = 0
    for number, module in enumerate(modules, 1):
        if running == options.jobs:
            os.wait()
            running -= 1
        print(f"{number}/{len(modules)} {module}", file=sys.stderr, flush=True)
        forked(_record, module, operators, done, part, options.timeout)
        running += 1
    while running:
        os.wait()
        running -= 1
    outcomes, not_measured = _read(part)
    if options.operator:
        header = load_header(RELEASE)
        outcomes += [outcome for outcome in load(RELEASE) if outcome.mutant.operator not in operators]
        not_measured = {**header.not_measured, **not_measured}
    today = datetime.date.today().isoformat()
    write(options.out, Header(RELEASE, torch.__version__, today, not_measured), outcomes)
    return 0


def _read(part: Path) -> tuple[list[Outcome], dict[str, str]]:
    """The outcomes recorded so far, and what could not be measured."""
    outcomes: dict[Mutant, Outcome] = {}
    not_measured: dict[str, str] = {}
    for line in part.read_text(encoding="utf-8").splitlines():
        if line.startswith("{"):
            not_measured |= json.loads(line)
        else:
            outcome = decode(line)
            outcomes[outcome.mutant] = outcome
    return list(outcomes.values()), dict(sorted(not_measured.items()))


def _record(module: str, operators: frozenset[str], done: set[Mutant], part: Path, timeout: float) -> None:
    """Append what becomes of each of some operators' mutants of a module."""
    every = mutants(PACKAGE, RELEASE, module)
    todo = [mutant for mutant in every if mutant.operator in operators and mutant not in done]
    if not todo:
        return
    original = in_child(len(todo) * timeout, _record_models, module, todo, part, timeout)
    if isinstance(original, Lost):
        _append(part, json.dumps({module: original.why}))
        return
    import_all_but(package_of_models(module), original.neighbours)
    for mutant in todo:
        if mutant.how.where == "configuration":
            outcome = in_child(timeout, observe_config_mutant, mutant, original)
            _append(part, encode(outcome) if isinstance(outcome, Outcome) else _lost(mutant, outcome.why))


def _record_models(module: str, todo: list[Mutant], part: Path, timeout: float) -> Original:
    """Append what becomes of those mutants that change the module itself."""
    original = observe_original(module, frozenset().union(*(mutant.how.shows_in for mutant in todo)))
    for name, why in original.not_built.items():
        _append(part, json.dumps({f"{module}.{name}": why}))
    gc.enable()
    gc.freeze()
    for mutant in todo:
        if mutant.how.where == "modeling":
            try:
                with alarm(timeout):
                    _append(part, encode(observe_mutant(mutant, original)))
            except (TimeoutError, UnsteadyError) as error:
                _append(part, _lost(mutant, short(error)))
    return original


def _lost(mutant: Mutant, why: str) -> str:
    return json.dumps({" ".join(vars(mutant).values()): why})


def _append(part: Path, line: str) -> None:
    with part.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def observe_original(module: str, costly: frozenset[str] = COSTLY) -> Original:
    """How the classes of a module behave as released, in so far as they do the same again.

    What is kept of shared tensors can depend on the order of a set. Of the costly aspects only those named.
    """
    before, original = set(sys.modules), Original()
    models = models_of(module)
    original.neighbours = [name for name in sys.modules if name not in before]
    for name, cls in models.items():
        try:
            small = original.small[name] = shrinks(cls)
            backbone = backbone_of(cls, small)
        except Exception as error:
            original.not_built[name] = short(error)
            continue
        original.backbones[name] = backbone and (backbone.__module__, backbone.__name__)
        once, again = (behaviour(cls, backbone, small, True, costly) for _ in range(2))
        original.behaviour[name] = {
            aspect: value for aspect, value in once.items() if again.get(aspect) == value
        }
        original.unsteady[name] = {aspect.partition("-if-")[0] for aspect in changes(once, again)}
    return original


class UnsteadyError(Exception):
    """A mutant seems to change nothing, but might in what a class does not do twice alike."""


def observe_mutant(mutant: Mutant, original: Original) -> Outcome:
    """In what the classes of a mutated module behave otherwise than as released. Raises ``UnsteadyError``."""
    released, mutated = _released(mutant.module), mutant.text(PACKAGE)
    module = importlib.import_module(MODELS + mutant.module)
    own = [mutant.class_name] if mutant.class_name in original.behaviour else []
    tie = [name for name in tying(RELEASE)[mutant.module] if name in original.behaviour and name not in own]
    first = concerned_by(released, mutant.class_name, [*own, *tie])
    others = [name for name in original.behaviour if name not in first]
    with ExitStack() as stack:
        try:
            stack.enter_context(class_replaced(module, released, mutated, mutant.class_name))
        except Exception:
            return Outcome(mutant, [mutant.class_name], ["import"])
        models = dict(_models_in(module))
        outcome = _compared(mutant, original, models, first)
        if outcome.breaks:
            return outcome
        if any(original.unsteady[name] & mutant.how.shows_in for name in first):
            raise UnsteadyError("loading does not do the same twice")
        others = concerned_by(released, mutant.class_name, others)
        return _compared(mutant, original, models, others, forced=False)


def observe_config_mutant(mutant: Mutant, original: Original) -> Outcome:
    """In what the classes that tie behave otherwise with a mutated config than as released."""
    replace(f"{package_of_models(mutant.module)}.{mutant.file(PACKAGE).stem}", mutant.text(PACKAGE))
    tie = [name for name in tying(RELEASE)[mutant.module] if name in original.behaviour]
    return _compared(mutant, original, models_of(mutant.module), tie, forced=False)


def _compared(
    mutant: Mutant, original: Original, models: dict[str, Any], names: list[str], forced: bool = True
) -> Outcome:
    changed: list[str] = []
    aspects: set[str] = set()
    for name in names:
        after = observed(mutant, original, models, name, forced, mutant.how.shows_in)
        different = changes(original.behaviour[name], after)
        if different:
            changed.append(name)
            aspects.update(different)
    return Outcome(mutant, changed, sorted(aspects))


def observed(
    mutant: Mutant,
    original: Original,
    models: dict[str, Any],
    name: str,
    forced: bool = True,
    costly: frozenset[str] = COSTLY,
) -> Behaviour:
    """How a class behaves in the module as it is now, under the names that its parts have as released."""
    place = original.backbones[name]
    backbone = place and getattr(importlib.import_module(place[0]), place[1])
    after = behaviour(models[name], backbone, original.small[name], forced, costly)
    return _in_old_names(mutant, after)


def _in_old_names(mutant: Mutant, after: Behaviour) -> Behaviour:
    """What a renamed part does under its new name is no change."""
    said = json.dumps(after)
    old = in_old_names(mutant.operator, _released(mutant.module), mutant.class_name, said)
    return after if old == said else _in_order(json.loads(old))


def _in_order(value: Any) -> Any:
    """Names and groups of names sorted, as they are where nothing was renamed."""
    if isinstance(value, dict):
        return {name: _in_order(item) for name, item in value.items()}
    return sorted(map(_in_order, value)) if isinstance(value, list) else value


def _released(module: str) -> str:
    return source_file(PACKAGE, module).read_text(encoding="utf-8")


def package_of_models(module: str) -> str:
    """The package that a module of the models is in, by its whole name."""
    return (MODELS + module).rpartition(".")[0]


def models_of(module: str) -> dict[str, Any]:
    """The model classes that a module defines."""
    found = importlib.import_module(MODELS + module)
    return dict(_models_in(found))


def _models_in(module: Any) -> Iterator[tuple[str, Any]]:
    for name, value in vars(module).items():
        own = inspect.isclass(value) and value.__module__ == module.__name__ and value.__name__ == name
        if own and issubclass(value, PreTrainedModel):
            yield name, value


if __name__ == "__main__":
    sys.exit(main())
