"""Comments that silence findings, found in the text of a file."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator, Sequence

from tie_lint.edits.comment import Comment

_NOQA = re.compile(r"# noqa(?::\s?(?P<codes>(?:[A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
_OWN = re.compile(r"# tie-lint:\s?ignore(?:\[(?P<codes>[^\]]{0,500})\]|(?![\w\[-]))", re.IGNORECASE)
_FLAKE8_FILE = re.compile(r"\s*(?P<comment># flake8[:=]\s*noqa)", re.IGNORECASE)
"""flake8 passes over the whole file, whatever follows: it knows no codes for files."""
_OWN_FILE = re.compile(
    r"\s*(?P<comment># tie-lint:\s?ignore-file(?:\[(?P<codes>[^\]]{0,500})\]|(?!\[)))", re.IGNORECASE
)


def of_file(lines: Sequence[str]) -> Iterator[Comment]:
    """Yield the comments that count for the whole file."""
    for number, line in enumerate(lines, start=1):
        for pattern, is_own in ((_FLAKE8_FILE, False), (_OWN_FILE, True)):
            if found := pattern.match(line):
                codes = _codes(found["codes"], True) if is_own else ()
                yield Comment(number, found.start("comment") + 1, found.end("comment") + 1, codes, is_own)


def of_lines(text: str, lines: Sequence[str]) -> dict[int, list[Comment]]:
    """Return the comments that count for each line: all those in its statement."""
    counting: dict[int, list[Comment]] = {}
    for first, last in statements(text, len(lines)):
        found = [one for number in range(first, last + 1) for one in _inline(number, lines[number - 1])]
        if found:
            counting.update(dict.fromkeys(range(first, last + 1), found))
    return counting


def _inline(number: int, line: str) -> Iterator[Comment]:
    for pattern, is_own in ((_NOQA, False), (_OWN, True)):
        if found := pattern.search(line):
            end = found.start() + len(found[0].rstrip(", \t"))
            yield Comment(number, found.start() + 1, end + 1, _codes(found["codes"], is_own), is_own)


def _codes(text: str | None, is_own: bool) -> tuple[str, ...]:
    """The codes in a comment; to flake8 they are what they are only in capitals."""
    written = (text or "").upper() if is_own else text or ""
    return tuple(dict.fromkeys(code for code in re.split(r"[,\s]+", written) if code))


def statements(text: str, lines: int) -> list[tuple[int, int]]:
    """Return first and last line of each statement; line by line where the text does not tokenize."""
    between = (tokenize.INDENT, tokenize.DEDENT, tokenize.NL, tokenize.COMMENT, tokenize.ENDMARKER)
    spans: list[tuple[int, int]] = []
    first = None
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline=None).readline):
            if first is None and token.type in between:
                continue
            first = first or token.start[0]
            if token.type == tokenize.NEWLINE:
                spans.append((first, token.start[0]))
                first = None
    except (tokenize.TokenError, SyntaxError):
        return [(line, line) for line in range(1, lines + 1)]
    return spans
