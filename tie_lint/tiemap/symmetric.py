"""The tie by a mapping while a checkpoint is loaded: to whichever of two names the checkpoint has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from tie_lint.record import Data


class UntoldError(Exception):
    """The outcome hangs on values that were not compared."""


class Tied(Data):
    """What the names of a mapping hold after the tie."""

    holds: dict[str, str]
    """Name → the name whose parameter it was before; a name that is left out holds its own."""
    parted: list[tuple[str, str]]
    """The entries ``(target, source)`` that were not tied, as both were there with other values."""


def tie_symmetrically(
    mapping: Mapping[str, str], present: Collection[str], alike: Callable[[str, str], bool | None]
) -> Tied:
    """Tie as ``tie_weights(missing_keys=…)`` does from 5.0 on (``modeling_utils.py``).

    ``present`` are the names that the checkpoint has; ``alike`` compares two of them by the names of the
    model whose tensors they are, and must say False where the release parts tensors that are equal. Raises
    :class:`UntoldError` where it says None.
    """
    there, entries = set(present), list(mapping.items())
    tied = Tied({}, [])
    for index, (target, source) in enumerate(entries):
        if source in there and target in there:
            one, two = tied.holds.get(source, source), tied.holds.get(target, target)
            same = one == two or alike(one, two)
            if same is None:
                raise UntoldError(f"{source} and {target} are both stored; their values were not compared")
            if not same:
                tied.parted.append((target, source))
                continue
        elif target in there:
            target, source = source, target
        elif source not in there:
            others = (name for name, its in entries[index + 1 :] if its == source and name in there)
            source = next(others, source)
        tied.holds[target] = tied.holds.get(source, source)
        if source in there:
            there.add(target)
    return tied
