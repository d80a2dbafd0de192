"""`# noqa` comments, read as flake8 reads them."""

from __future__ import annotations

import io
import re
import tokenize

from tie_lint.python.text import split_lines

_INLINE = re.compile(r"# noqa(?::\s?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?", re.IGNORECASE)
_FILE = re.compile(r"\s*# flake8[:=]\s*noqa(?::\s?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?\s*$", re.I)

_BETWEEN = (tokenize.INDENT, tokenize.DEDENT, tokenize.NL, tokenize.COMMENT, tokenize.ENDMARKER)
"""Tokens that can stand between two statements and belong to neither."""


class NoqaComments:
    """Which codes are silenced where in one file.

    A comment counts on any line of the statement that a finding points at; for a class or a function the
    statement is its header. flake8 itself joins only the lines of strings and continuations, so brackets make
    this the wider reading, and both front ends use it.
    """

    def __init__(self, text: str) -> None:
        self._file: set[str] = set()
        self._lines: dict[int, set[str]] = {}
        if "noqa" in text.lower():
            self._read(text)

    def silences(self, code: str, line: int) -> bool:
        """Whether a finding of that code on that line is silenced."""
        return code.startswith(tuple(self._file | self._lines.get(line, set())))

    def _read(self, text: str) -> None:
        lines = split_lines(text)
        for line in lines:
            if found := _FILE.match(line):
                self._file |= _codes(found)
        for first, last in _statements(text, len(lines)):
            codes: set[str] = set()
            for line in lines[first - 1 : last]:
                if found := _INLINE.search(line):
                    codes |= _codes(found)
            if codes:
                self._lines.update(dict.fromkeys(range(first, last + 1), codes))


def _codes(found: re.Match[str]) -> set[str]:
    """The prefixes that a comment silences; the empty one is every code."""
    return set(re.split(r"[,\s]+", found["codes"].upper())) if found["codes"] else {""}


def _statements(text: str, lines: int) -> list[tuple[int, int]]:
    """First and last line of each statement; line by line where the text does not tokenize."""
    spans: list[tuple[int, int]] = []
    first = None
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline=None).readline):
            if first is None and token.type in _BETWEEN:
                continue
            first = first or token.start[0]
            if token.type == tokenize.NEWLINE:
                spans.append((first, token.start[0]))
                first = None
    except (tokenize.TokenError, SyntaxError):
        return [(line, line) for line in range(1, lines + 1)]
    return spans
