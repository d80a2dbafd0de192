"""Comments that silence findings: `# noqa` as flake8 reads it, and `# tie-lint: ignore`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tie_lint.edits.comment import Comment, Unused
from tie_lint.python.text import split_lines


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
        from tie_lint.pipeline import comments  # whose patterns are compiled for the few files that have some

        self._lines = split_lines(text)
        self._of_file = list(comments.of_file(self._lines))
        self._of_line = comments.of_lines(text, self._lines)
