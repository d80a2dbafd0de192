"""``tie_word_embeddings`` in a config class, in the way in which it declares what else it has."""

from __future__ import annotations

import ast

from tie_lint.edits.attributes import add_attribute
from tie_lint.edits.edit import Edit
from tie_lint.edits.source import Source, method

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
