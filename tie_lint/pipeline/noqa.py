"""Comments that silence findings: `# noqa` as flake8 reads it, and `# tie-lint: ignore`."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator

from tie_lint.edits.comment import Comment, Unused
from tie_lint.python.text import split_lines

_NOQA = re.compile(r"# noqa(?::\s?(?P<codes>(?:[A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
_OWN = re.compile(r"# tie-lint:\s?ignore(?:\[(?P<codes>[^\]]{0,500})\]|(?![\w\[-]))", re.IGNORECASE)
_FLAKE8_FILE = re.compile(r"\s*(?P<comment># flake8[:=]\s*noqa)", re.IGNORECASE)
"""flake8 passes over the whole file, whatever follows: it knows no codes for files."""
_OWN_FILE = re.compile(
    r"\s*(?P<comment># tie-lint:\s?ignore-file(?:\[(?P<codes>[^\]]{0,500})\]|(?!\[)))", re.IGNORECASE
)


class NoqaComments:
    """Which codes are silenced where in one file.

    A comment counts on any line of the statement that a finding points at; for a class or a function the
    statement is its header. flake8 itself joins only the lines of strings and continuations, so brackets make
    this the wider reading, and both front ends use it.
    """

    def __init__(self, text: str) -> None:
        self._lines: list[str] = []
        self._of_file: list[Comment] = []
        self._of_line: dict[int, list[Comment]] = {}
        self._used: set[tuple[Comment, str]] = set()
        lower = text.lower()
        if "noqa" in lower or "tie-lint:" in lower:
            self._read(text)

    def silences(self, code: str, line: int) -> bool:
        """Return whether a finding of that code on that line is silenced."""
        found = [
            (comment, prefix)
            for comment in (*self._of_file, *self._of_line.get(line, ()))
            for prefix in comment.prefixes
            if code.startswith(prefix)
        ]
        self._used.update(found)
        return bool(found)

    def at(self, line: int) -> list[Comment]:
        """Return the comments that count for a line, without those for the file."""
        return self._of_line.get(line, [])

    def unused(self, is_asked: Callable[[str], bool]) -> Iterator[Unused]:
        """Yield what nothing was silenced by, of the codes that are asked about and those that nobody has.

        A comment without codes may silence what other tools find, unless it is one of tie-lint's own.
        """
        comments = dict.fromkeys([*self._of_file, *(one for each in self._of_line.values() for one in each)])
        for comment in sorted(comments):
            text = self._lines[comment.line - 1]
            if comment.codes:
                codes = tuple(
                    code
                    for code in comment.codes
                    if (comment, code) not in self._used and code.startswith("TIE") and is_asked(code)
                )
                if codes:
                    yield Unused(comment, codes, text)
            elif comment.is_own and (comment, "") not in self._used:
                yield Unused(comment, (), text)

    def _read(self, text: str) -> None:
        lines = self._lines = split_lines(text)
        for number, line in enumerate(lines, start=1):
            for pattern, is_own in ((_FLAKE8_FILE, False), (_OWN_FILE, True)):
                if found := pattern.match(line):
                    codes = _codes(found["codes"], True) if is_own else ()
                    place = (number, found.start("comment") + 1, found.end("comment") + 1)
                    self._of_file.append(Comment(*place, codes, is_own))
        for first, last in statements(text, len(lines)):
            comments = [
                one for number in range(first, last + 1) for one in _inline(number, lines[number - 1])
            ]
            if comments:
                self._of_line.update(dict.fromkeys(range(first, last + 1), comments))


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
    import tokenize  # which takes long, and few files have such comments

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
