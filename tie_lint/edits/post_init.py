"""The call ``self.post_init()`` at the end of a constructor."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tie_lint.edits.source import Source, method
from tie_lint.finding import Edit

CALL = "self.post_init()"
CONTAINERS = frozenset({"Sequential", "ModuleList"})


def add_post_init(source: Source, cls: ast.ClassDef) -> list[Edit]:
    """Let ``__init__`` end with the call; empty where it may end elsewhere, or has to be given parts of the
    model: the call would initialise them anew."""
    init = method(cls, "__init__")
    if init is None or any(isinstance(node, ast.Return) for node in ast.walk(init)):
        return []
    if not _called(cls).isdisjoint(_given_parts(init)):
        return []
    last = init.body[-1]
    if not source.stands_alone(last):
        return []
    if isinstance(last, ast.Pass) and len(init.body) == 1:
        return [source.replace(source.span(last), CALL)]
    return [source.insert_after(source.last_line(init), source.indentation(last) + CALL)]


def _given_parts(init: ast.FunctionDef) -> Iterator[str]:
    """The attributes that hold what ``__init__`` has to be given beside a config, or containers of it."""
    positional = [*init.args.posonlyargs, *init.args.args]
    required = positional[2 : len(positional) - len(init.args.defaults)]
    by_name = zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True)
    required += [one for one, default in by_name if default is None]
    names = {one.arg for one in required}
    for node in ast.walk(init):
        if isinstance(node, ast.Assign) and any(name in names for name in _put_in(node.value)):
            yield from (ast.unparse(target) for target in node.targets)


def _put_in(value: ast.expr) -> list[str]:
    """The names that a value is, or that a container of modules is made of."""
    if isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] in CONTAINERS:
        value = ast.List([*value.args])
    items = value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]
    return [item.id for item in items if isinstance(item, ast.Name)]


def _called(cls: ast.ClassDef) -> set[str]:
    """What a class calls, or has a method of called, as text."""
    called = [node.func for node in ast.walk(cls) if isinstance(node, ast.Call)]
    owners = [function.value for function in called if isinstance(function, ast.Attribute)]
    return {ast.unparse(one) for one in (*called, *owners)}


def replace_init_weights(source: Source, cls: ast.ClassDef) -> list[Edit]:
    """Let the one ``self.init_weights()`` that ends ``__init__`` be the call, else add it."""
    init = method(cls, "__init__")
    calls = [] if init is None else calls_on_self(init, "init_weights")
    if init is not None and len(calls) == 1 and calls[0] is init.body[-1]:
        return [source.replace(source.span(calls[0]), CALL)]
    return _moved(source, cls, "init_weights")


def free_post_init(source: Source, cls: ast.ClassDef) -> list[Edit]:
    """Take a call that stands alone behind a condition from there to the end of ``__init__``."""
    init = method(cls, "__init__")
    if init is None:
        return []
    behind = [
        node
        for node in init.body
        if isinstance(node, ast.If)
        and not node.orelse
        and len(node.body) == 1
        and _is_call(node.body[0], "post_init")
    ]
    if len(behind) != 1 or len(calls_on_self(init, "post_init")) != 1:
        return []
    if behind[0] is init.body[-1]:
        return [source.replace(source.span(behind[0]), CALL)]
    added = add_post_init(source, cls)
    return [source.remove(behind[0]), *added] if added and source.stands_alone(behind[0]) else []


def move_post_init(source: Source, cls: ast.ClassDef) -> list[Edit]:
    """Take a call from the middle of ``__init__`` to its end."""
    return _moved(source, cls, "post_init")


def _moved(source: Source, cls: ast.ClassDef, name: str) -> list[Edit]:
    """Take ``self.<name>()`` out of the body of ``__init__`` and end that with the call."""
    init = method(cls, "__init__")
    calls = [] if init is None else [node for node in init.body if _is_call(node, name)]
    if init is None or len(calls) != 1 or len(calls_on_self(init, name)) != 1:
        return []
    added = add_post_init(source, cls)
    if not added or calls[0] is init.body[-1] or not source.stands_alone(calls[0]):
        return []
    return [source.remove(calls[0]), *added]


def calls_on_self(function: ast.FunctionDef, name: str) -> list[ast.stmt]:
    """Return the statements, at any depth, that are nothing but ``self.<name>()``."""
    return [node for node in ast.walk(function) if isinstance(node, ast.stmt) and _is_call(node, name)]


def _is_call(node: ast.stmt, name: str) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) == f"self.{name}"
    )
