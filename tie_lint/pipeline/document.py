"""A file that is checked, as it was read: its bytes and the text in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.python.text import UnreadableSourceError, decode, encoding_of, split_lines

if TYPE_CHECKING:
    from tie_lint.cause import Cause
    from tie_lint.finding import Finding
    from tie_lint.pipeline.result import NotFollowed


class Document:
    """The bytes of one file, or why there are none.

    ``shown`` is the path that its findings have. What the rest of the pipeline works on is :attr:`text`, and
    positions are those of the text; a kind of document whose text is only part of the file says here which.
    """

    def __init__(self, path: Path, shown: str, data: bytes | OSError) -> None:
        self.path, self.shown = path, shown
        self._data = data

    @property
    def data(self) -> bytes:
        """The bytes. Raises ``UnreadableSourceError``."""
        if isinstance(self._data, OSError):
            raise UnreadableSourceError(self._data.strerror or str(self._data))
        return self._data

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return 0 if isinstance(self._data, OSError) else len(self._data)

    @cached_property
    def text(self) -> str:
        """The source code. Raises ``UnreadableSourceError``."""
        return decode(self.data)

    @property
    def lines(self) -> list[str]:
        """The lines of the text as the Python parser counts them. Raises ``UnreadableSourceError``."""
        return split_lines(self.text)

    @property
    def encoding(self) -> str:
        """The name of the codec that the text was decoded with. Raises ``UnreadableSourceError``."""
        return encoding_of(self.data)

    def with_text(self, text: str) -> Document:
        """Return the document that holds another text in the same encoding.

        Raises ``UnicodeEncodeError``, and ``ValueError`` where the text cannot be put back into the file.
        """
        return Document(self.path, self.shown, text.encode(self.encoding))

    def changes(self, text: str) -> Iterator[tuple[Path, str, str]]:
        """Yield where another text differs, what is there and what it has."""
        yield self.path, self.text, text

    def place(self, line: int) -> tuple[int | None, int]:
        """Return what the author of the file calls a line of the text: its cell, if it has one, and line."""
        return None, line

    def placed(self, finding: Finding) -> Finding:
        """Return a finding of the text with the lines that the author of the file counts."""
        return finding

    def line_of(self, finding: Finding) -> int:
        """Return the line of the text that a placed finding points at."""
        return finding.line

    def placed_model(self, model: NotFollowed) -> NotFollowed:
        """Return a model that was not followed with the lines that the author of the file counts."""
        return model

    def placed_cause(self, cause: Cause) -> Cause:
        """Return a cause with the line that the author of the file counts, if it is in this file."""
        return cause

    def shown_lines(self, finding: Finding) -> list[str]:
        """Return the lines that a finding counts in. Raises ``UnreadableSourceError``."""
        return self.lines


class TextDocument(Document):
    """A document whose text is given, as an editor or flake8 has it, whatever the file holds."""

    def __init__(self, path: Path, text: str, shown: str | None = None) -> None:
        super().__init__(path, str(path) if shown is None else shown, text.encode("utf-8", "surrogatepass"))
        self.text = text
