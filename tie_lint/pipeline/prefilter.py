"""Whether a file can hold a transformers model at all, for the price of a substring search.

A model class names the library or a base class of its kind, or else builds, returns or ties embeddings
itself. A class that does none of this inherits whatever may be wrong with it from one that does.
"""

import re

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
    r"""\b(?:import|from)\s[^#\n]*\btransformers\b|["']transformers["'.]|\btransformers\.\w"""
)
"""The library as a name of Python, and not what else transforms something."""


def may_hold_models(text: str) -> bool:
    """Return False for a file that no rule could say anything about."""
    if "class " not in text:
        return False
    if any(name in text for name in NAMES):
        return True
    return "transformers" in text and LIBRARY.search(text) is not None
