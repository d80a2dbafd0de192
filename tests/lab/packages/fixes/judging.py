"""Whether a class is worse after a fix than before, or better. Nothing here needs torch.

What was seen are the aspects of ``tests.lab.packages.findings.run``. Under one flag,

- what fails, and what an embedding has for a shape, may not be new;
- what saves, must;
- nothing may be missing or unexpected that was not, whether what the class saves is loaded or what it saved
  before the fix, and what a load ties is what building ties;
- what was tied, grown by resizing or handed out, must be so still (but for what the rule calls wrong);
- with the flag off nothing may be tied that was not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.lab.mutants.comparison import COMPLAINTS
from tests.lab.packages.findings.effects import BUILT, Seen

BUILDING = (BUILT, "build", "error", "recipe")
FAILURES = (*BUILDING, "resize", "shapes")
OF_A_MODEL = ("resize", "shapes")
"""Failures that nobody sees of a class that cannot be built."""
GETTERS = ("input-getter", "output-getter")
MOVES = frozenset({"TIE103", "TIE104"})
"""Rules that say that a getter hands out something else than it should."""
COMPLETE: Seen = {"missing_keys": [], "unexpected_keys": [], "ties": []}
"""What a load reports that brings everything."""
UNTIED = "-if-untied"


def worse(before: Seen, after: Seen, codes: str = "") -> list[str]:
    """The aspects that are worse after a fix of those rules."""
    names = {name for name in {*before, *after} if _is_worse(name, before, after)}
    return sorted(name for name in names if _kind(name) not in GETTERS or not MOVES & {*codes.split()})


def better(before: Seen, after: Seen, codes: str = "") -> list[str]:
    """The aspects that are otherwise after a fix of those rules, and no worse."""
    names = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    gone = {name for name in names if _kind(name) in FAILURES and not after.get(name)}
    changed = {name for name in names if _kind(name) in CHECKS and _before(name) == name}
    return sorted((gone | changed) - {*worse(before, after, codes)})


def was_run(seen: Seen) -> bool:
    """Whether the class could be built one way or the other."""
    return any(_kind(name) == "ties" for name in seen)


def _is_worse(name: str, before: Seen, after: Seen) -> bool:
    if _kind(name) in FAILURES:
        hidden = _kind(name) in OF_A_MODEL and f"ties{name.removeprefix(_kind(name))}" not in before
        return bool(after.get(name)) and not before.get(name) and not hidden
    check = CHECKS.get(_kind(name))
    if check is None or name not in after:
        return False
    return check(before.get(_before(name)), after[name], name, before, after)


def _before(name: str) -> str:
    return name.replace("load-earlier", "load")


def _saves(old: Any, new: Any, *_: Any) -> bool:
    return bool(old) and not new


def _loses(old: Any, new: Any, *_: Any) -> bool:
    return not set(old or ()) <= set(new)


def _moves(old: Any, new: Any, *_: Any) -> bool:
    return old is not None and not old.startswith("!") and old != new


def _ties(old: Any, new: Any, name: str, before: Seen, after: Seen) -> bool:
    if old is None:
        return False
    asks = name.endswith(UNTIED) or ("-if-" not in name and f"ties{UNTIED}" not in after)
    return not _within(old, new) or (asks and not _within(new, old))


def _within(some: Any, others: Any) -> bool:
    return all(any(set(group) <= set(other) for other in others) for group in some)


def _load(old: Any, new: Any, name: str, before: Seen, after: Seen) -> bool:
    """Whether loading what is saved reports more than it did, or parts what building ties and did not before.

    Where nothing could be loaded before, not even loudly may anything be missing.
    """
    if _earlier(COMPLETE if old is None and isinstance(new, dict) else old, new):
        return True
    flag = name.removeprefix(_kind(name))
    parted = isinstance(old, dict) and _parts(old, before, flag)
    return isinstance(new, dict) and _parts(new, after, flag) and not parted


def _earlier(old: Any, new: Any, *_: Any) -> bool:
    """Whether loading fails or reports more, or ties less, where it did not before."""
    if not isinstance(old, dict):
        return False
    if not isinstance(new, dict) or not _within(old["ties"], new["ties"]):
        return True
    return any(not set(new[complaint]) <= set(old[complaint]) for complaint in COMPLAINTS)


def _parts(loaded: Any, seen: Seen, flag: str) -> bool:
    return not _within(seen.get(f"ties{flag}", ()), loaded["ties"])


def _cross(old: Any, new: Any, *_: Any) -> bool:
    if not old:
        return False
    for way, was in old.items():
        now = new[way]
        if isinstance(was, dict) and (
            not isinstance(now, dict)
            or any(len(now[complaint]) > len(was[complaint]) for complaint in COMPLAINTS)
        ):
            return True
    return False


CHECKS: dict[str, Callable[[Any, Any, str, Seen, Seen], bool]] = {
    "saves": _saves,
    "ties": _ties,
    "input-getter": _moves,
    "output-getter": _moves,
    "resize-input": _loses,
    "resize-output": _loses,
    "load": _load,
    "load-earlier": _earlier,
    "cross-load": _cross,
    "cross-load-unsaved": _cross,
}


def _kind(name: str) -> str:
    return name.partition("-if-")[0]
