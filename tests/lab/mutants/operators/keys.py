"""``_tied_weights_keys``: deleted, emptied, misspelt, in the other form, incomplete, the wrong way round.

What a lost key declared is covered no more (TIE106) or, in 5.x, no longer tied though the config asks for it
(TIE202). TIE004 is about models that declare nothing at all.
"""

from __future__ import annotations

import ast
import re

from tests.lab.mutants.operators import operator
from tests.lab.mutants.source_edits import (
    attribute,
    calls_on_self,
    edited,
    find_class,
    method,
    string,
    with_line_before,
    without,
)
from tests.lab.mutants.typos import misspelt_path

KEYS = "_tied_weights_keys"
PLAIN = re.compile(r"[\w.]+")


@operator("TIE004", "TIE106", "TIE202", "TIE001", shows_in=("load",))
def delete_tied_keys(text: str, class_name: str) -> str | None:
    """Without the class's own ``_tied_weights_keys``. Where it inherits others, these cover too little.

    A head that no getter returns either is first of all TIE001's: in 5.x the keys made up for it.
    """
    cls = find_class(text, class_name)
    found = None if cls is None else attribute(cls, KEYS)
    return None if cls is None or found is None else without(text, cls, [found])


@operator(
    "TIE004", "TIE106", "TIE202", on_purpose=lambda release: not release.startswith("4."), shows_in=("load",)
)
def empty_tied_keys(text: str, class_name: str) -> str | None:
    """``[]`` or ``{}``. The empty mapping of 5.x says on purpose that nothing is tied."""
    value = _keys(text, class_name)
    return None if value is None else edited(text, [(value, "{}" if isinstance(value, ast.Dict) else "[]")])


@operator("TIE110", "TIE004", "TIE106", "TIE202", shows_in=("load",))
def misspell_tied_keys_attribute(text: str, class_name: str) -> str | None:
    """``_tied_weight_keys``: as good as deleted, and TIE110 may say how it came about."""
    cls = find_class(text, class_name)
    found = None if cls is None else attribute(cls, KEYS)
    if found is None:
        return None
    target = found.target if isinstance(found, ast.AnnAssign) else found.targets[0]
    return edited(text, [(target, "_tied_weight_keys")])


@operator("TIE102", "TIE106", shows_in=("load",))
def misspell_tied_key(text: str, class_name: str) -> str | None:
    """A slip in the first key that is a plain name: it matches nothing, and covers nothing."""
    return _with_slip(text, _plain_names(_key_nodes(_keys(text, class_name))))


@operator("TIE102", shows_in=("load",))
def misspell_tied_source(text: str, class_name: str) -> str | None:
    """A slip in the first source of a mapping that is a plain name."""
    value = _keys(text, class_name)
    return _with_slip(text, _plain_names(value.values)) if isinstance(value, ast.Dict) else None


@operator("TIE106", "TIE004", "TIE202", shows_in=("load",))
def drop_tied_key(text: str, class_name: str) -> str | None:
    """Without the first of several entries."""
    value = _keys(text, class_name)
    if value is None or len(value.values if isinstance(value, ast.Dict) else value.elts) < 2:
        return None
    if isinstance(value, ast.Dict):
        return edited(text, [(value, ast.unparse(ast.Dict(value.keys[1:], value.values[1:])))])
    return edited(text, [(value, ast.unparse(ast.List(value.elts[1:])))])


@operator("TIE301", shows_in=("load",))
def list_tied_keys(text: str, class_name: str) -> str | None:
    """A mapping becomes the list of its keys, the form of 4.x."""
    value = _keys(text, class_name)
    if not isinstance(value, ast.Dict) or None in value.keys:
        return None
    return edited(text, [(value, ast.unparse(ast.List(_key_nodes(value))))])


@operator(shows_in=("load",))
def map_tied_keys(text: str, class_name: str) -> str | None:
    """A list becomes a mapping, the form of 5.x, which 4.x reads as the list of its keys."""
    value = _keys(text, class_name)
    if value is None or isinstance(value, ast.Dict):
        return None
    source = ast.Constant("model.embed_tokens.weight")
    return edited(text, [(value, ast.unparse(ast.Dict(list(value.elts), [source] * len(value.elts))))])


@operator("TIE102", "TIE106", "TIE109", "TIE111", shows_in=("load", "cross-load"))
def swap_tied_entry(text: str, class_name: str) -> str | None:
    """Target and source of the first entry of a mapping change places.

    A sole entry means the same either way; among several the new target can be the source of others.
    """
    value = _keys(text, class_name)
    if not isinstance(value, ast.Dict) or value.keys[0] is None:
        return None
    key, source = value.keys[0], value.values[0]
    return edited(text, [(key, ast.unparse(source)), (source, ast.unparse(key))])


@operator("TIE102", shows_in=("load",))
def map_buffer(text: str, class_name: str) -> str | None:
    """A buffer is declared as tied to another: in 5.x, loading asks for both as parameters."""
    cls, value = find_class(text, class_name), _keys(text, class_name)
    init = None if cls is None else method(cls, "__init__")
    if value is None or init is None or not (calls := calls_on_self(init, "post_init")):
        return None
    if value.lineno > calls[-1].lineno or "\nimport torch\n" not in text:
        return None
    keys = ast.unparse(value)[:-1]
    entry = ': "first_table"' if isinstance(value, ast.Dict) else ""
    mutated = text
    for name in ("second_table", "first_table"):
        mutated = with_line_before(mutated, calls[-1], f'self.register_buffer("{name}", torch.zeros(2))')
    return edited(mutated, [(value, f'{keys}, "second_table"{entry}{"}" if entry else "]"}')])


def keys(text: str, class_name: str) -> list[str]:
    """The class's own keys that are written out."""
    return [key for node in _key_nodes(_keys(text, class_name)) if (key := string(node)) is not None]


def _keys(text: str, class_name: str) -> ast.Dict | ast.List | None:
    """The class's own keys, written out and not empty."""
    cls = find_class(text, class_name)
    found = None if cls is None else attribute(cls, KEYS)
    value = None if found is None else found.value
    if isinstance(value, ast.Dict):
        return value if value.values else None
    return value if isinstance(value, ast.List) and value.elts else None


def _key_nodes(value: ast.Dict | ast.List | None) -> list[ast.expr]:
    if isinstance(value, ast.Dict):
        return [key for key in value.keys if key is not None]
    return [] if value is None else list(value.elts)


def _plain_names(nodes: list[ast.expr]) -> list[ast.expr]:
    return [node for node in nodes if (name := string(node)) is not None and PLAIN.fullmatch(name)]


def _with_slip(text: str, nodes: list[ast.expr]) -> str | None:
    return edited(text, [(nodes[0], repr(misspelt_path(string(nodes[0]) or "")))]) if nodes else None
