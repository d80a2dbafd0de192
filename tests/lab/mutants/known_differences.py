"""Where the tool is right though it does not do as the library does: by operator, when, and why.

Either a mutant breaks something that no finding is about, or a finding is true though nothing breaks.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.lab.mutants.head_attributes import head_attribute
from tests.lab.mutants.mutant import MODELS
from tests.lab.mutants.operators.keys import keys
from tests.lab.mutants.reachable import ancestors, classes, reach
from tests.lab.mutants.records import Outcome
from tests.lab.mutants.source_edits import exported, find_class, method
from tests.lab.truth.records import Truth, load


@dataclass(frozen=True)
class Case:
    """A mutant of a release, and the module's text as released."""

    release: str
    outcome: Outcome
    released: str
    configs: str
    """The text of its config files."""
    codes: frozenset[str]
    """Of what the tool says of the mutant and not of the file as released."""
    known: frozenset[str]
    """Of what it says of the file as released, in the classes that the mutant can matter to."""


def _is_but_a_component(case: Case) -> bool:
    """Nothing else changes than a class does by itself that its module does not export.

    Users cannot get at such a class but through the models that hold it, all of which go on working.
    """
    mutated, public = case.outcome.mutant.class_name, exported(case.released)
    return case.outcome.classes == [mutated] and public is not None and mutated not in public


def _is_but_a_renaming(case: Case) -> bool:
    """The input getter finds the embedding all the same, under another name.

    The class makes its backbone under whatever name the prefix gives, so that a prefix is never wrong.
    """
    aspects = set(case.outcome.aspects)
    return "input-getter" in aspects and not {"build", "resize", "ties", "saves"} & aspects


def _flag_is_a_choice(case: Case) -> bool:
    """Without its flag a config says what the library says by default, and that is nobody's mistake to find.

    In 4.x that is True: a config that said False now lets the model tie, as its code is written to. In 5.x
    it is False: where the config said so itself nothing changes, but TIE201, which asks to say it, is right.
    """
    if case.outcome.breaks:
        return case.release.startswith("4.")
    return case.codes == {"TIE201"}


def _is_misspelt_all_the_same(case: Case) -> bool:
    """Nothing depends on the attribute, as the parts declare the same, but nothing reads that name."""
    return not case.outcome.breaks and case.codes == {"TIE110"}


def _is_nowhere_else(case: Case) -> bool:
    """In 5.x the mapping is the one place where a tie is written down.

    Without an entry for a bias or a second table, the file does not say anywhere that these are to be one:
    nothing can be known to be lacking. Without that of the head something can.
    """
    name = case.outcome.mutant.class_name
    lost = keys(case.released, name)
    if case.outcome.mutant.operator == "drop-tied-key":
        lost = lost[:1]
    head = None if _hands_out_no_table(case) else head_attribute(case.released, name)
    heads = [key for key in lost if key.startswith(f"{head}.") and key.endswith("weight")]
    return case.release >= "5" and not case.codes and not heads


def _hands_out_no_table(case: Case) -> bool:
    """Whether the class has no input getter, and so no head to tie and nothing to resize by the library."""
    mutant = case.outcome.mutant
    truth = _truths(case.release).get((MODELS + mutant.module, mutant.class_name))
    return truth is not None and (truth.input_embeddings or "!").startswith("!")


def _is_no_head(case: Case) -> bool:
    """What is made the head of a model without a token embedding is the head of no vocabulary."""
    alone = case.outcome.classes == [case.outcome.mutant.class_name]
    return alone and not case.codes and _hands_out_no_table(case)


def _nobody_asks_for_it(case: Case) -> bool:
    """Resizing and, in 4.x, tying ask for the output embeddings; the class's own code for that does not."""
    aspects = {aspect.partition("-if-")[0] for aspect in case.outcome.aspects}
    asking = ["resize_token_embeddings", *(["tie_weights"] if case.release < "5" else [])]
    bases = ancestors(case.released, case.outcome.mutant.class_name)
    line = [cls for name in bases if (cls := find_class(case.released, name)) is not None]
    return aspects == {"output-getter"} and all(any(method(cls, name) for cls in line) for name in asking)


def _prefix_would_do(case: Case) -> bool:
    """The prefix is wrong, as is reported: with the right one the inherited setter finds the backbone."""
    return case.outcome.breaks and not case.codes and "TIE101" in case.known


def _resizes_by_the_prefix(case: Case) -> bool:
    """Code of the class's own resizes what the prefix names, which is nothing in a class around it."""
    aspects = {aspect.partition("-if-")[0] for aspect in case.outcome.aspects}
    return aspects == {"resize"} and "def _resize_token_embeddings(" in case.released


def _is_given_a_table(case: Case) -> bool:
    """The class takes a table from the model that holds it in place of the one that it makes.

    What it makes has another width, and is thrown away: the forward pass goes through the table it was given.
    """
    mutant = case.outcome.mutant
    cls = find_class(case.released, mutant.class_name)
    init = None if cls is None else method(cls, "__init__")
    aspects = {aspect.partition("-if-")[0] for aspect in case.outcome.aspects}
    return (
        aspects == {"shapes"}
        and mutant.class_name not in case.outcome.classes
        and init is not None
        and "embed_tokens" in {argument.arg for argument in init.args.args}
    )


def _flag_is_refused(case: Case) -> bool:
    """It only breaks what is tied, and the config says False whatever it is asked: nothing ever is."""
    only_tied = all(aspect.endswith("-if-tied") for aspect in case.outcome.aspects)
    refused = re.search(r"self.tie_word_embeddings = False|if tie_word_embeddings:\s+raise ", case.configs)
    return only_tied and case.outcome.breaks and refused is not None


def _is_known_already(case: Case) -> bool:
    """The file as released has the defect, and the mutant is told of it in other words or in other places."""
    known = all(case.known & {code, *RELATED.get(code, ())} for code in case.codes)
    return not case.outcome.breaks and known


def _cannot_be_saved(case: Case) -> bool:
    """What a prefix is for cannot be seen in a class that cannot be saved, as released and as reported."""
    names = case.outcome.mutant.how.changes_names and case.codes <= {"TIE003", "TIE101"}
    return names and not case.outcome.breaks and bool(case.known & {"TIE004", "TIE106"})


def _resizing_ends_before(case: Case) -> bool:
    """The file as released cannot replace the embedding, as is reported, and so never comes to the head.

    Whoever repairs the one needs the other: the setter of the head shows as soon as the embedding's is there.
    """
    return not case.outcome.breaks and case.codes == {"TIE401"} and "TIE402" in case.known


def _is_repaired(case: Case) -> bool:
    """The entry was the wrong way round, or the prefix wrong, as reported, and the mutant puts it right."""
    return case.outcome.breaks and not case.codes and bool(case.known & {"TIE111", "TIE101"})


def _does_not_fit(case: Case) -> bool:
    """What the keys tie has another shape, as reported: without them the head is whole."""
    return case.outcome.breaks and not case.codes and "TIE105" in case.known


@functools.cache
def _truths(release: str) -> dict[tuple[str, str], Truth]:
    """What the library does with the classes of a release, by module and name."""
    return {(truth.module, truth.class_name): truth for truth in load(release)}


@functools.cache
def _not_built(release: str) -> frozenset[str]:
    """The classes of a release that the library cannot build with their default config."""
    return frozenset(truth.class_name for truth in load(release) if not truth.built)


def _could_not_be_measured(case: Case) -> bool:
    """The library cannot build the class by its defaults, broken or not, so that nothing was seen of it.

    What the config lacks is open for the tool, which follows the class all the same.
    """
    mutant = case.outcome.mutant
    return not case.outcome.breaks and mutant.class_name in _not_built(case.release)


def _holder_could_not_be_measured(case: Case) -> bool:
    """The same of the model that holds the class, which is the one that a load of it unties."""
    mutant, not_built = case.outcome.mutant, _not_built(case.release).intersection(classes(case.released))
    held_by = {name for name in not_built if mutant.class_name in reach(case.released, name)}
    return not case.outcome.breaks and case.codes == {"TIE005"} and bool(held_by)


def _is_a_model_around_another(case: Case) -> bool:
    """A class around a model loads no checkpoint of that one, which is true, and was not looked at."""
    return not case.outcome.breaks and case.codes == {"TIE101"}


def _is_refused_by_its_forward(case: Case) -> bool:
    """The model that holds it looks at what ``forward()`` takes, which of a class around it says nothing."""
    fails = {aspect.partition("-if-")[0] for aspect in case.outcome.aspects} <= {"build", "resize"}
    inside = case.outcome.mutant.class_name not in case.outcome.classes
    return case.outcome.breaks and fails and inside and "inspect.signature(self." in case.released


def _is_emptied(case: Case) -> bool:
    """Of names that the keys all match the last by the alphabet is stored: under its new name the head, in
    place of the embedding that the tie takes as its source. Both are without values after a load (run with
    values in 4.51.3 and 4.57.6), which cannot be seen where models have none.
    """
    return not case.outcome.breaks and case.codes <= {"TIE108", "TIE112"} and case.release < "5"


RELATED = {
    "TIE003": {"TIE101"},
    "TIE101": {"TIE003"},
    "TIE004": {"TIE106", "TIE202"},
    "TIE106": {"TIE004"},
}
"""Codes that can take each other's place: no prefix or a wrong one; no keys, too few, none for the head."""

Check = Callable[[Case], bool]

OF_ALL: tuple[Check, ...] = (
    _is_known_already,
    _cannot_be_saved,
    _flag_is_refused,
    _is_but_a_component,
    _could_not_be_measured,
)

EXCEPTIONS: dict[str, tuple[Check, ...]] = {
    "delete-config-flag": (_flag_is_a_choice,),
    "delete-input-setter": (_prefix_would_do,),
    "delete-output-getter": (_nobody_asks_for_it,),
    "delete-output-setter": (_resizing_ends_before,),
    "delete-own-prefix": (_is_but_a_renaming, _is_repaired),
    "delete-tied-keys": (_is_nowhere_else, _does_not_fit),
    "drop-tied-key": (_is_nowhere_else,),
    "made-by-new": (_is_nowhere_else, _does_not_fit),
    "misspell-tied-keys-attribute": (_is_misspelt_all_the_same,),
    "own-from-pretrained": (_holder_could_not_be_measured,),
    "rename-head": (_is_emptied,),
    "rename-head-consistently": (_is_emptied,),
    "reward-head": (_is_no_head,),
    "swap-tied-entry": (_is_repaired,),
    "tie-in-init-weights": (_is_no_head,),
    "wide-embedding": (_is_given_a_table,),
    "wrap-model-with-accessors": (
        _is_a_model_around_another,
        _is_refused_by_its_forward,
        _resizes_by_the_prefix,
    ),
}
"""By operator, beside what holds for all, when what the tool does with a mutant is right after all."""


def excepted(case: Case) -> bool:
    """Whether the tool is right about a mutant although it seems not to agree with the library.

    There is one reason for what it does not find, or one for each code that it does.
    """
    checks = (*OF_ALL, *EXCEPTIONS.get(case.outcome.mutant.operator, ()))
    said = [replace(case, codes=frozenset([code])) for code in case.codes]
    each = said if said and not case.outcome.breaks else [case]
    return all(any(holds(one) for holds in checks) for one in each)
