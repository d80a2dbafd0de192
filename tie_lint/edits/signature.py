"""The signature of an override of ``tie_weights``."""

from __future__ import annotations

import ast

from tie_lint.edits.edit import Edit
from tie_lint.edits.source import Source, method

PASSED_ON = "*args, **kwargs"


def pass_arguments_on(source: Source, cls: ast.ClassDef, name: str) -> list[Edit]:
    """Let a method that takes only ``self`` take any arguments, and pass them to ``super()``'s.

    Empty where it has parameters of its own or calls ``super()``'s with arguments.
    """
    function = method(cls, name)
    if function is None or ast.unparse(function.args) != "self":
        return []
    edits = [_after(source, function.args.args[0], f", {PASSED_ON}")]
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == f"super().{name}":
            if node.args or node.keywords:
                return []
            line, column = source.span(node)[2:]
            edits.append(Edit(line, column - 1, line, column - 1, PASSED_ON))
    return edits


def _after(source: Source, node: ast.AST, text: str) -> Edit:
    line, column = source.span(node)[2:]
    return Edit(line, column, line, column, text)
