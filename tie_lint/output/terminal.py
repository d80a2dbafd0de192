"""Colour, on a terminal that wants it."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

if TYPE_CHECKING:
    from rich.console import Console

Piece = tuple[str, str]
"""A text and its style in rich's words ("bold red"), "" for none."""

Choice = Literal["auto", "always", "never"]


def choose_colour(choice: Choice) -> None:
    """Set what the environment says of colour, which counts for all that is written from now on."""
    if choice != "auto":
        os.environ.pop("NO_COLOR" if choice == "always" else "FORCE_COLOR", None)
        os.environ["FORCE_COLOR" if choice == "always" else "NO_COLOR"] = "1"


def wants_colour(stream: TextIO) -> bool:
    """Return whether the stream is a terminal and nobody asked for plain text (https://no-color.org), or for
    colour in any case (https://force-color.org).
    """
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def coloured(severity: str) -> str:
    """Return the style of a severity."""
    return f"bold {'red' if severity == 'error' else 'yellow'}"


def to_file(path: str) -> str:
    """Return the style of a link to a file, whose path counts from here."""
    return f"link {Path(os.path.abspath(path)).as_uri()}"  # noqa: PTH100 - links stay as they are named


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
    from rich.text import Text

    console(stream).print(Text.assemble(*parts), soft_wrap=True)


@functools.lru_cache(maxsize=2)
def console(stream: TextIO) -> Console:
    """Return what writes in colour to a stream."""
    from rich.console import Console

    return Console(file=stream, highlight=False, force_terminal=True, color_system="standard")
