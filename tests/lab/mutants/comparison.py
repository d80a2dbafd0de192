"""What two behaviours of a class differ in, and what a fix is worth. Nothing here needs torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Behaviour = dict[str, Any]
Behaviours = Mapping[str, Behaviour]
"""By the name of the class."""

COMPLAINTS = frozenset({"missing_keys", "unexpected_keys"})
"""What a load reports, of which less is never worse."""

REPAIRED = "repaired"
RIGHT = "right"


def changes(before: Behaviour, after: Behaviour) -> list[str]:
    """The aspects in which two behaviours differ, as far as both were looked at under the same flags.

    A failed build hides all the others of its kind.
    """
    flags = {_flag(name) for name in before} & {_flag(name) for name in after}
    names = {
        name
        for name in {*before, *after}
        if _flag(name) in flags and (_is_failure(name) or (name in before and name in after))
    }
    return sorted(name for name in names if before.get(name) != after.get(name))


def differing(released: Behaviours, found: Behaviours) -> dict[str, list[str]]:
    """By class, the aspects that are not as released. A module that is not imported is one in each class."""
    return {
        name: ["import"] if "import" in behaviour else changes(released[name], behaviour)
        for name, behaviour in found.items()
    }


def worth(released: Behaviours, mutated: Behaviours, fixed: Behaviours) -> str:
    """What a fix of a mutant is worth, by how the fixed classes behave.

    - ``repaired``: every class is as released in every aspect
    - ``right``: something that the mutant broke is as released again, and all that is not is as it was in the
      mutant; what is left is what the mutant broke and this fix does not claim
    - ``worse``: an aspect of a class is neither as released nor as it was in the mutant, nor between the two:
      something is there that neither has, or lacks that both have (what a load reports as missing may)
    - ``nothing``: all that the mutant broke is as it was

    The aspects that are not as released follow a colon.
    """
    left, broken = differing(released, fixed), differing(released, mutated)
    if not any(left.values()):
        return REPAIRED
    worse = {
        aspect
        for name, aspects in left.items()
        for aspect in aspects
        if not is_between(aspect, released[name], mutated[name], fixed[name])
    }
    if worse:
        return f"worse: {' '.join(sorted(worse))}"
    is_mended = any(set(broken[name]) - set(left[name]) for name in fixed)
    still = " ".join(sorted({aspect for aspects in left.values() for aspect in aspects}))
    return f"{RIGHT if is_mended else 'nothing'}: {still}"


def is_between(aspect: str, released: Behaviour, mutated: Behaviour, fixed: Behaviour) -> bool:
    """Whether an aspect of a fixed class holds nothing new, and lacks nothing that it had in either.

    What is of a part that the mutant has and the released class has not may show anywhere, as it was hidden
    where the part was taken for another, or the mutant could not be saved.
    """
    if aspect not in fixed:
        return aspect not in mutated
    found, right = (set(_atoms(behaviour.get(aspect))) for behaviour in (fixed, released))
    was = set(_atoms(mutated[aspect])) if aspect in mutated else right
    added = _of_kind(mutated, aspect) - _of_kind(released, aspect)
    lost = (atom for atom in right & was - found if not COMPLAINTS.intersection(atom[:-1]))
    return found <= right | was | added and not any(lost)


def _of_kind(behaviour: Behaviour, aspect: str) -> set[tuple[Any, ...]]:
    """What an aspect is made of under any flag, whether the class could be saved or not."""
    kind = _kind(aspect)
    return {atom for name in behaviour if _kind(name) == kind for atom in _atoms(behaviour[name])}


def _atoms(value: Any, *path: str) -> Iterator[tuple[Any, ...]]:
    """What a value is made of, each with where it is: names, groups of names, plain values.

    A tensor that is missing goes by the first name of its group, as names may have been put back meanwhile.
    """
    if isinstance(value, dict):
        first = {name: min(group) for group in value.get("ties", ()) for name in group}
        for key, item in value.items():
            names = [first.get(name, name) for name in item] if key == "missing_keys" else item
            yield from _atoms(names, *path, key)
    elif isinstance(value, list):
        for item in value:
            yield (*path, tuple(item) if isinstance(item, list) else item)
    else:
        yield (*path, value)


def _kind(aspect: str) -> str:
    return aspect.partition("-if-")[0].removesuffix("-unsaved")


def _flag(aspect: str) -> str:
    return aspect.partition("-if-")[2]


def _is_failure(aspect: str) -> bool:
    """Whether an aspect is there only when something fails."""
    return aspect.partition("-if-")[0] in ("build", "resize")
