"""What a release of the library does not have, by the facts of it and of another release that has it.

Facts leave out what a module imports of other packages and nothing needs, so that a name they lack may yet
be there. It is gone for certain where another release defines it itself.
"""

from __future__ import annotations

from tie_lint.library.exports import absolute
from tie_lint.library.index import Library
from tie_lint.library.packages import LeftOutModule

_DEFINING = frozenset({"class", "def", "value"})
_MOST_IMPORTS = 20
"""How many modules may hand on a name to each other; some do so in circles."""


def lacks(library: Library, module: str, name: str | None) -> bool:
    """Return whether the facts of a release lack a module, or a name in one that hands out no others."""
    facts = library.module(module)
    if facts is None:
        return True
    if name is None or isinstance(facts, LeftOutModule) or library.module(f"{module}.{name}") is not None:
        return False
    names = facts.names()
    return name not in names and "__getattr__" not in names and not facts.stars()


def is_gone(library: Library, other: Library, module: str, name: str | None) -> bool:
    """Return whether what a release lacks is certain not to be there, since another one defines it.

    A module that the other one leaves out may go by its old name as well: from 5.0 on those of image
    processors and tokenizers do (``_LEGACY_MODULE_ALIASES`` in 5.23.0's ``transformers/__init__.py``). A
    function that the other one's module imports may come from elsewhere now, as ``is_offline_mode`` does,
    which ``utils/hub.py`` defines in 4.57.6 and takes from huggingface_hub in 5.23.0. A package hands out
    what its stand-ins for missing back ends import, too: ``requires_backends``, up to 4.57.
    """
    if library.module(module) is None:
        return not isinstance(other.module(module), LeftOutModule | None)
    home = None if name is None else _home(other, module, name)
    if home is None:
        return False
    definer, original, kind = home
    if definer == module or kind == "class" or lacks(library, definer, original):
        return True
    facts = None if library.is_package(module) else library.module(definer)
    return facts is not None and all(binding.kind != "import" for binding in facts.bindings(original))


def _home(library: Library, module: str, name: str) -> tuple[str, str, str] | None:
    """The module of the library that defines what a module has under a name, the name there, and how that
    comes into being; None where nothing is known of it."""
    for _ in range(_MOST_IMPORTS):
        facts = library.module(module)
        found = [] if facts is None or isinstance(facts, LeftOutModule) else facts.bindings(name)
        kinds = {binding.kind for binding in found}
        if "import" not in kinds:
            return (module, name, found[-1].kind) if kinds & _DEFINING else None
        if len(found) > 1:
            return None  # of which one may be what another package has
        imported, level, attribute = found[-1].detail
        if attribute is None:
            return None
        module, name = absolute(module, library.is_package(module), imported, level), attribute
    return None
