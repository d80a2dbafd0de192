"""The patterns of ``match``: what a ``case`` looks for, lowered."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from tie_lint.python.nodes import Const, Expr
from tie_lint.python.statements import (
    AsPattern,
    ClassPattern,
    MappingPattern,
    OrPattern,
    Pattern,
    SequencePattern,
    StarPattern,
    ValuePattern,
)


def lower_pattern(node: ast.pattern, expression: Callable[[ast.expr], Expr]) -> Pattern:
    """Return a pattern lowered; ``expression`` lowers the expressions in it."""

    def each(nodes: Sequence[ast.pattern]) -> list[Pattern]:
        return [lower_pattern(one, expression) for one in nodes]

    match node:
        case ast.MatchValue(value=value):
            return ValuePattern(expression(value))
        case ast.MatchSingleton(value=constant):
            return ValuePattern(Const(constant))
        case ast.MatchSequence(patterns=patterns):
            return SequencePattern(each(patterns))
        case ast.MatchStar(name=name):
            return StarPattern(name)
        case ast.MatchMapping(keys=keys, patterns=patterns, rest=rest):
            return MappingPattern([expression(key) for key in keys], each(patterns), rest)
        case ast.MatchClass(cls=cls, patterns=patterns, kwd_attrs=names, kwd_patterns=values):
            return ClassPattern(expression(cls), each(patterns), names, each(values))
        case ast.MatchOr(patterns=patterns):
            return OrPattern(each(patterns))
        case ast.MatchAs(pattern=inner, name=name):
            return AsPattern(None if inner is None else lower_pattern(inner, expression), name)
    raise AssertionError(f"an unknown pattern: {type(node).__name__}")
