"""An override of a method of the library, above all of ``tie_weights``."""

from __future__ import annotations

import ast

from tie_lint.edits.source import Source, method
from tie_lint.finding import Edit


def pass_arguments_on(source: Source, cls: ast.ClassDef, name: str) -> list[Edit]:
    """Let a method that takes only ``self`` take any arguments, and pass them to ``super()``'s.

    Empty where it has parameters of its own or calls ``super()``'s with arguments.
    """
    function = method(cls, name)
    if function is None or ast.unparse(function.args) != "self":
        return []
    calls = _calls_of_super(function)
    if any(call.args or call.keywords for call in calls):
        return []
    from tie_lint.edits.forwarding import take_all

    return take_all(source, function, f"super().{name}")


def call_super(source: Source, cls: ast.ClassDef, name: str) -> list[Edit]:
    """Let a method begin with a call of ``super()``'s, all its arguments passed on."""
    function = method(cls, name)
    if function is None or _calls_of_super(function):
        return []
    arguments = function.args
    if ast.unparse(arguments) == "self":
        from tie_lint.edits.forwarding import take_all

        edits, passed = take_all(source, function, None), "*args, **kwargs"
        if not edits:
            return []
    elif arguments.vararg and arguments.kwarg and len(arguments.args) == 1:
        edits, passed = [], f"*{arguments.vararg.arg}, **{arguments.kwarg.arg}"
    else:
        return []
    first, call = function.body[0], f"super().{name}({passed})"
    if isinstance(first, ast.Pass):
        return [*edits, source.replace(source.span(first), call)]
    if not source.stands_alone(first) or _is_docstring(first):
        return []
    line, column = source.span(first)[:2]
    return [*edits, source.replace([line, column, line, column], f"{call}\n{source.indentation(first)}")]


def remove_delegate(source: Source, cls: ast.ClassDef, name: str) -> list[Edit]:
    """Take a method away that does nothing but call the same of a module inside."""
    function = method(cls, name)
    if function is None or len(cls.body) == 1 or function.decorator_list or len(function.body) != 1:
        return []
    only = function.body[0]
    call = only.value if isinstance(only, ast.Return | ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func.attr != name:
        return []
    if not ast.unparse(call.func.value).startswith("self.") or not source.stands_alone(only):
        return []
    first, _, last, _ = source.span(function)
    end, above = source.last_line(function), source.lines[first - 2]
    start = first - 1 if not above.strip() else first
    if end != last or end >= len(source.lines):
        return []
    return [Edit(start, 1, end + 1, 1, "")]


def _calls_of_super(function: ast.FunctionDef) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == function.name
        and _is_super(node.func.value)
    ]


def _is_super(node: ast.expr) -> bool:
    """Whether an expression is ``super()``; seen without looking into it, for it may nest too deeply."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "super"
        and not (node.args or node.keywords)
    )


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
