"""The renamings that a load of 5.x applies to the names of a checkpoint, as plain data.

After ``WeightTransform`` in ``core_model_loading.py`` of 5.24.0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from tie_lint.record import NamedTuple


class Transform(NamedTuple):
    """One entry of the library's table."""

    kind: Literal["renaming", "converter", "other"]
    """Changes a name; also changes the tensor; or is of a class that is not known."""
    sources: tuple[str, ...]
    """Patterns of names."""
    targets: tuple[str, ...]


class Scoped:
    """A transform, and the part of a model whose names it changes."""

    def __init__(self, transform: Transform, scope: str | None, prefix: str) -> None:
        self.kind, self._transform = transform.kind, transform
        self._scope, self._prefix = scope, prefix

    def apply(self, name: str) -> str | None:
        """Return the new name; None where no pattern matches."""
        lead = self._lead(name)
        if lead is None:
            return None
        rest = name.removeprefix(lead)
        match = self._pattern.search(rest)
        if match is None:
            return None
        target = self._targets[0]
        if r"\1" in target:
            which = next(group for group, value in match.groupdict().items() if value is not None)
            target = target.replace(r"\1", match.group(self._pattern.groupindex[which] + 1))
        return lead + rest.replace(match.group(0), target, 1)

    @property
    def has_digits(self) -> bool:
        """Whether a pattern asks for a certain number, or is not known."""
        sources = self._transform.sources
        return not sources or any(re.search(r"(?<!\\)\d", source) for source in sources)

    def may_match(self, name: str) -> bool:
        """Return whether a pattern matches, or the patterns are not known."""
        return not self._transform.sources or self.apply(name) is not None

    def _lead(self, name: str) -> str | None:
        if self._scope is None:
            return ""
        scope = f"{self._scope}." if self._scope else ""
        whole = f"{self._prefix}.{scope}" if self._prefix else scope
        return whole if name.startswith(whole) else scope if name.startswith(scope) else None

    @cached_property
    def _targets(self) -> list[str]:
        return [_as_replacement(target)[0] for target in self._transform.targets]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """One pattern for all sources, the longest first. Raises ``re.error``."""
        groups = [group for _, group in map(_as_replacement, self._transform.targets) if group]
        sources, targets = self._transform.sources, self._transform.targets
        paired = len(sources) == len(targets)
        branches = []
        for index, source in sorted(enumerate(sources), key=lambda item: -len(item[1])):
            pattern = source.replace(r"\1", groups[0], 1) if groups else source
            if paired and targets[index].startswith("^") and not pattern.startswith("^"):
                pattern = f"^{pattern}"
            pattern = pattern.replace("*.", r".*\.")
            boundary = r"(?!\w)" if re.search(r"[a-zA-Z0-9]$", pattern) else ""
            branches.append(f"(?P<g{index}>{pattern}{boundary})")
        return re.compile("|".join(branches))


def _as_replacement(pattern: str) -> tuple[str, str | None]:
    """A pattern as what is put in the place of another, and the group that it takes over from that."""
    pattern = re.sub(r"\(\?.+?\)?\)", "", pattern.removeprefix("^"))
    group = re.search(r"\(.+?\)", pattern)
    if group:
        pattern = pattern.replace(group.group(0), r"\1", 1)
    return pattern.replace(r"\.", "."), group.group(0) if group else None


class UntoldRenamingError(Exception):
    """A name is changed by what is not known, or its tensor is changed too."""


def renamed(name: str, transforms: Sequence[Scoped]) -> str:
    """Return a name after all renamings; see :func:`changes_tensor` for converters.

    Raises :class:`UntoldRenamingError` where a transform of an unknown class may match.
    """
    for transform in transforms:
        if transform.kind == "other" and transform.may_match(name):
            raise UntoldRenamingError(f"{name} is renamed in a way that is not known")
        if transform.kind == "renaming":
            name = transform.apply(name) or name
    return name


def converted(name: str, transforms: Sequence[Scoped]) -> str | None:
    """Return a renamed name after the one converter that matches it; None where none does."""
    found = (transform.apply(name) for transform in transforms if transform.kind == "converter")
    return next((name for name in found if name is not None), None)
