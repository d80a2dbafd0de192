"""What rests on one part of the source is one finding: it names the part, and what follows from it."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.proposal import FixOffer
from tie_lint.finding import Finding
from tie_lint.record import NamedTuple, replace
from tie_lint.rules import enumerated

if TYPE_CHECKING:
    from tie_lint.rules.part import Part

Offers = tuple[FixOffer, ...]


class Found(NamedTuple):
    """A finding, what may become its fix, and what it rests on."""

    finding: Finding
    offers: Offers
    part: Part | None


def joined(found: Iterable[Found]) -> dict[Finding, Offers]:
    """Return one finding for each part, in the order of the file, each with what may become its fix.

    It is that of the rule and of the class which the part belongs to. Where that class has none and may need
    the part as it is, those of the others stay apart.
    """
    groups: dict[object, list[Found]] = {}
    for one in sorted(found, key=operator.attrgetter("finding")):
        groups.setdefault(one.part or one.finding, []).append(one)
    findings: dict[Finding, Offers] = {}
    for group in groups.values():
        first = min(group, key=_distance)
        part, follows = first.part, tuple(one.finding for one in group if one is not first)
        if part is None or not follows or (part.of_class and first.finding.class_name != part.place.owner):
            findings.update((one.finding, one.offers) for one in group)
        else:
            findings[_with_follows(first.finding, follows, part)] = first.offers
    return dict(sorted(findings.items(), key=operator.itemgetter(0)))


def _distance(one: Found) -> tuple[bool, bool]:
    """How far a finding is from the part: those of its rule come first, then that of its class."""
    if one.part is None:
        return False, False
    return one.finding.code != one.part.rule, one.finding.class_name != one.part.place.owner


def _with_follows(head: Finding, follows: tuple[Finding, ...], part: Part) -> Finding:
    notes = list(dict.fromkeys(_notes(head, follows)))
    every = (head, *follows)
    if not any(part.place.owner in one.problem for one in every):
        notes.append(f"what has to be fixed is in {part.place.owner}")
    is_error = any(one.severity == "error" for one in every)
    return replace(
        head, follows=follows, notes=(*head.notes, *notes), severity="error" if is_error else "warning"
    )


def _notes(head: Finding, follows: tuple[Finding, ...]) -> Iterator[str]:
    """What follows; that of several classes is said once where it is the same."""
    classes: dict[str, list[str]] = {}
    for one in follows:
        if one.code == head.code and one.class_name != head.class_name:
            classes.setdefault(_beside(head, one), []).append(one.class_name or "")
    for what, names in classes.items():
        yield f"the same in {enumerated(dict.fromkeys(names))}{what}"
    for one in follows:
        if one.code != head.code:
            yield f"{one.code} with it: {one.full_message}"
        elif one.class_name == head.class_name:
            yield one.full_message


def _beside(head: Finding, one: Finding) -> str:
    """What comes of a finding in another class, as far as that is not what comes of the first."""
    effects = "" if one.effects == head.effects else "; ".join(effect for effect, _ in one.effects)
    where = "" if one.transformers == head.transformers else f" ({one.stretch or 'in all targets'})"
    return f"{effects and ': '}{effects}{where}"
