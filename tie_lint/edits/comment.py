"""Edits of comments that silence findings."""

from __future__ import annotations

from collections.abc import Collection

from tie_lint.finding import Edit
from tie_lint.record import NamedTuple


class Comment(NamedTuple):
    """A comment that silences findings."""

    line: int
    start: int
    end: int
    """Its columns, from 1, the end exclusive."""
    codes: tuple[str, ...]
    """The prefixes of codes that it silences; none means all codes."""
    is_own: bool
    """Whether it speaks to no other tool."""

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The prefixes that it silences; the empty one is every code."""
        return self.codes or ("",)


class Unused(NamedTuple):
    """What a comment silences in vain."""

    comment: Comment
    codes: tuple[str, ...]
    """None where all of it is."""
    text: str
    """The line that it is in."""


def without(line: str, comment: Comment, codes: Collection[str]) -> Edit:
    """Return the edit that takes codes out of a comment, or all of it; ``line`` is what it stands in."""
    left = [code for code in comment.codes if code not in codes]
    start, end = comment.start - 1, comment.end - 1
    if codes and left:
        kept = line[start:end]
        names = ", ".join(left)
        opening = "[" if comment.is_own else ":"
        head = kept.partition(opening)[0]
        text = f"{head}[{names}]" if comment.is_own else f"{head}: {names}"
        return Edit(comment.line, comment.start, comment.line, comment.end, text)
    before, after = line[:start].rstrip(), line[end:].strip()
    if after and not after.startswith("#"):
        # What is said behind the codes stays.
        return Edit(comment.line, comment.start, comment.line, comment.end, "#")
    if before:
        return Edit(comment.line, len(before) + 1, comment.line, comment.end, "")
    if after:
        return Edit(comment.line, comment.start, comment.line, len(line) - len(line[end:].lstrip()) + 1, "")
    return Edit(comment.line, 1, comment.line + 1, 1, "")


def silencing(line: str, number: int, known: Comment | None, codes: Collection[str]) -> Edit:
    """Return the edit that silences codes on a line, in the ``# noqa`` that is there if there is one."""
    if known is not None:
        names = ", ".join(dict.fromkeys([*known.codes, *codes]))
        head = line[known.start - 1 : known.end - 1].partition(":")[0]
        return Edit(number, known.start, number, known.end, f"{head}: {names}")
    end = len(line.rstrip()) + 1
    return Edit(number, end, number, len(line) + 1, f"  # noqa: {', '.join(codes)}")
