"""Colour, on a terminal that wants it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TextIO

Piece = tuple[str, str]
"""A text and its style in rich's words ("bold red"), "" for none."""


def wants_colour(stream: TextIO) -> bool:
    """Whether the stream is a terminal and nobody asked for plain text (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def can_show(text: str, stream: TextIO) -> bool:
    """Return whether the encoding of a stream has all characters of a text."""
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def write_pieces(pieces: Iterable[Piece], stream: TextIO) -> None:
    """Write the pieces as one line, if there are any."""
    parts = list(pieces)
    if not parts:
        return
    if not wants_colour(stream):
        stream.write("".join(text for text, _ in parts) + "\n")
        return
    from rich.console import Console
    from rich.text import Text

    Console(file=stream, highlight=False).print(Text.assemble(*parts), soft_wrap=True)
