"""A method that passes all its arguments on: its definition rewritten as a concrete syntax tree.

Only the fix of a finding comes here, with one method at a time, and only then libcst is imported: it keeps
comments and layout inside of what it changes. Files are read with the standard library's parser.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator

import libcst as cst

from tie_lint.edits.source import Source
from tie_lint.finding import Edit

LARGEST = 10_000
"""Characters of a method that is rewritten. libcst nests with every operand: in so few too deeply for Python,
which raises, but not for its parser, which would end the process."""

_STAR, _STARS = "args", "kwargs"


def take_all(source: Source, function: ast.FunctionDef, calls: str | None) -> list[Edit]:
    """Let a method take ``*args, **kwargs`` after its parameters; empty where it cannot be rewritten.

    ``calls`` is the callee, if any, that they are passed on to wherever the method calls it.
    """
    first, _, last, _ = source.span(function)
    lines = source.lines[first - 1 : last]
    old = "\n".join(["class _:", *lines, ""])
    if len(old) > LARGEST:
        return []
    try:
        module = cst.parse_module(old)
        new = module.visit(_PassingOn(function.name, calls)).code
    except (cst.ParserSyntaxError, RecursionError):
        return []
    rewritten = new.split("\n")[1:-1]
    return list(_differences(source, first, lines, rewritten)) if module.code == old else []


class _PassingOn(cst.CSTTransformer):
    """Gives the outermost function the parameters, and the calls the arguments."""

    def __init__(self, name: str, calls: str | None) -> None:
        super().__init__()
        self._name, self._calls, self._depth = name, calls, 0

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802 - libcst calls it by this name
        self._depth += 1

    def leave_FunctionDef(  # noqa: N802
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        self._depth -= 1
        if self._depth or original_node.name.value != self._name:
            return updated_node
        return updated_node.with_changes(
            params=updated_node.params.with_changes(
                star_arg=cst.Param(cst.Name(_STAR), star="*"),
                star_kwarg=cst.Param(cst.Name(_STARS), star="**"),
            )
        )

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802
        if cst.Module([]).code_for_node(original_node.func) != self._calls:
            return updated_node
        passed = [cst.Arg(cst.Name(_STAR), star="*"), cst.Arg(cst.Name(_STARS), star="**")]
        return updated_node.with_changes(args=passed)


def _differences(source: Source, first: int, old: list[str], new: list[str]) -> Iterator[Edit]:
    """Yield the edits that make some lines of a file, from one on, these; each as short as can be."""
    for kind, start, end, new_start, new_end in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        if kind == "equal":
            continue
        before, after = "\n".join(old[start:end]), "\n".join(new[new_start:new_end])
        head = _alike(before, after)
        tail = _alike(before[head:][::-1], after[head:][::-1])
        yield source.replace(
            [
                *_place(before, head, first + start),
                *_place(before, len(before) - tail, first + start),
            ],
            after[head : len(after) - tail],
        )


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))


def _place(text: str, offset: int, line: int) -> tuple[int, int]:
    """Return line and column of a character of a text that starts on a line."""
    above = text[:offset].split("\n")
    return line + len(above) - 1, len(above[-1]) + 1
