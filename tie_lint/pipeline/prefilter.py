"""Whether a file can hold a transformers model at all, for the price of a substring search.

A model class names the library or a base class of its kind, or else builds, returns or ties embeddings
itself. A class that does none of this inherits whatever may be wrong with it from one that does.
"""

import re
from collections.abc import Iterator

from tie_lint.python.text import is_meant_as_utf_8

NAMES = (
    "PreTrained",
    "Linear(",
    "Embedding(",
    "_embeddings",
    "base_model_prefix",
    "lm_head",
    ".post_init",  # and not a dataclass's `__post_init__`
    "def post_init",
    "tied_weights",
)

LIBRARY = re.compile(
    r"""\bimport\s[^#\n]*\btransformers\b|\bfrom\s+[\w.]*\btransformers\b[\w.]*[\s\\]+import\b"""
    r"""|["']transformers["'.]|\btransformers\.\w"""
)
"""The library as a name of Python, and not what else transforms something."""


_PARTS = (
    *(b"PreTrained", b"Linear(", b"mbedding", b"base_model_prefix", b"lm_head", b"post_init"),
    *(b"tied_weights", b"transformers"),
)
"""Without one of these a text has no name that matters. Each costs a walk through all bytes of all files."""


def is_without_models(data: bytes) -> bool:
    """Return whether the bytes of a Python file show that :func:`may_hold_models` would say no of its text.

    That is so for UTF-8. To make documents of thousands of files, to look for a word, takes longer than to
    read them.
    """
    return (b"class " not in data or not any(part in data for part in _PARTS)) and _is_utf_8(data)


def _is_utf_8(data: bytes) -> bool:
    """Return whether bytes are UTF-8 and declared as nothing else."""
    if not is_meant_as_utf_8(data):
        return False
    try:
        return data.isascii() or bool(data.decode())
    except UnicodeDecodeError:
        return False


def may_hold_models(text: str) -> bool:
    """Return False for a file that no rule could say anything about."""
    if "class " not in text:
        return False
    if any(name in text for name in NAMES):
        return True
    return any(LIBRARY.search(statement) for statement in _around("transformers", text))


def _around(word: str, text: str) -> Iterator[str]:
    """Yield each line that has a word, with the next: looking through whole texts takes long."""
    at = text.find(word)
    while at >= 0:
        end = text.find("\n", at) + 1 or len(text)
        yield text[text.rfind("\n", 0, at) + 1 : text.find("\n", end) + 1 or len(text)]
        at = text.find(word, end)
