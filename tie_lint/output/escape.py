"""Text of others made harmless: names, paths and source lines never reach a terminal or a CI's parser raw."""

from __future__ import annotations

_SPACES = "Zs"
"""The category of spaces: not printable to Python, and harmless."""


def printable(text: str) -> str:
    r"""Return a text without control characters, line breaks, bidi controls and surrogates.

    Each stands as Python writes it in a string, such as ``\x1b``; tabs and all other characters stay. What
    GitHub takes for a command wherever it stands in a line is broken up.
    """
    if text.isprintable() and "##[" not in text:
        return text
    return "".join(map(_escaped, text)).replace("##[", "#\\x23[")


def _escaped(character: str) -> str:
    import unicodedata  # few texts have such characters

    if character.isprintable() or character == "\t" or unicodedata.category(character) == _SPACES:
        return character
    return (
        character.encode("ascii", "backslashreplace").decode()
        if character > "\x7f"
        else repr(character)[1:-1]
    )


def one_line(text: str) -> str:
    """Return a text as one printable line that no CI takes for a command."""
    shown = printable(text)
    start = len(shown) - len(shown.lstrip())
    return f"{shown[:start]}\\x3a{shown[start + 1 :]}" if shown.startswith("::", start) else shown
