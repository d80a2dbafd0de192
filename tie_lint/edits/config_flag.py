"""``tie_word_embeddings`` in a config class, in the way in which it declares what else it has."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tie_lint.edits.attributes import add_attribute
from tie_lint.edits.source import Source, method
from tie_lint.finding import Edit

FLAG = "tie_word_embeddings"


def declare_flag(source: Source, cls: ast.ClassDef) -> list[Edit]:
    """Let a config class tie by default, as all did up to 4.57; empty where its text has no place for it.

    A class with an ``__init__`` gets a parameter that is handed to ``super().__init__()``, any other a field.
    """
    init = method(cls, "__init__")
    if init is None:
        fields = [node for node in cls.body if isinstance(node, ast.AnnAssign)]
        if fields and source.stands_alone(fields[-1]):
            text = f"{source.indentation(fields[-1])}{FLAG}: bool = True"
            return [source.insert_after(source.span(fields[-1])[2], text)]
        added = add_attribute(source, cls, FLAG, "True")
        return [added] if added else []
    arguments = init.args
    calls = [
        node
        for node in ast.walk(init)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__"
    ]
    if len(calls) != 1 or arguments.kwarg is None or not arguments.args[1:] or arguments.kwonlyargs:
        return []
    if not any(keyword.arg is None for keyword in calls[0].keywords):
        return []
    return [_parameter(source, arguments.args[-1], arguments.defaults), _handed_on(source, calls[0])]


def is_denied_elsewhere(source: Source, cls: ast.ClassDef) -> bool:
    """Return whether another config class of the file says that it does not tie."""
    others = [node for other in source.classes if other is not cls for node in ast.walk(other)]
    return any(_is_no(value) for node in others for name, value in _named_values(node) if name == FLAG)


def _is_no(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def _named_values(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """The names that a node gives a value: fields, attributes, and parameters with a default."""
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from ((ast.unparse(target).removeprefix("self."), node.value) for target in targets)
    elif isinstance(node, ast.arguments):
        last = [*node.posonlyargs, *node.args][len(node.posonlyargs + node.args) - len(node.defaults) :]
        yield from ((one.arg, value) for one, value in zip(last, node.defaults, strict=True))
        yield from ((one.arg, value) for one, value in zip(node.kwonlyargs, node.kw_defaults, strict=True))
    elif isinstance(node, ast.keyword) and node.arg is not None:
        yield node.arg, node.value


def _parameter(source: Source, last: ast.arg, defaults: list[ast.expr]) -> Edit:
    """The parameter after the last one, annotated if that one is."""
    line, column = source.span(defaults[-1] if defaults else last)[2:]
    text = f"{FLAG}: bool = True" if last.annotation else f"{FLAG}=True"
    alone = source.lines[last.lineno - 1].lstrip().startswith(last.arg)
    separator = ",\n" + source.margin(last.lineno) if alone else ", "
    return source.replace([line, column, line, column], separator + text)


def _handed_on(source: Source, call: ast.Call) -> Edit:
    """The argument before ``**kwargs`` in the call of the base class."""
    rest = next(keyword for keyword in call.keywords if keyword.arg is None)
    line, column = source.span(rest.value)[:2]
    column -= 2
    first = source.lines[line - 1]
    alone = not first[: column - 1].strip()
    separator = ",\n" + first[: column - 1] if alone else ", "
    return source.replace([line, column, line, column], f"{FLAG}={FLAG}{separator}")
