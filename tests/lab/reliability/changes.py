"""Ways to change a text: an edit of one node, of the whole text, or one that leaves no Python."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tests.lab.reliability.spans import Source


class Edit(NamedTuple):
    """What stands between two places from now on."""

    start: int
    end: int
    text: str


def _instead(source: Source, node: ast.AST, text: str) -> Edit:
    return Edit(*source.span(node), text)


def _expression_for_expression(source: Source, rng: random.Random) -> Edit:
    one = rng.choice(source.expressions)
    return _instead(source, one, f"({source.piece(_another_expression(source, one, rng))})")


def _another_expression(source: Source, one: ast.expr, rng: random.Random) -> ast.expr:
    other = rng.choice(source.expressions)
    for _ in range(20 if rng.random() < 0.5 else 0):
        if type(other) is type(one):
            break
        other = rng.choice(source.expressions)
    return other


def _odd_expression(source: Source, rng: random.Random) -> Edit:
    return _instead(source, rng.choice(source.expressions), f"({rng.choice(ODD)})")


ODD = (
    *("None", "...", "()", "{}", "[]", "-1", "10**30", "1.5", "float('nan')", "''", "b''"),
    "0x" + "f" * 4_000,
    *("(lambda: 0)()", "[*range(3)]", "{**{}}", "x[*y]", "yield", "a := 1", "not ()", "self", "cls"),
    *("super().__init__", "type('T', (), {})", "'x' * 10**9", "[[]] * 10**6", "f'{1:>{2}}'", "'\\ud800'"),
    *("nn.Linear(1, 1)", "nn.Embedding(config.vocab_size, 1)", "config", "getattr(self, 'x', None)"),
    *("[i for i in range(10**9)]", "{i: j for i, j in zip((), ())}", "1 if x else 2", "a and b or c"),
)


def _some_statement(source: Source, rng: random.Random) -> ast.stmt:
    """Draw a statement, every second time one that has to do with ties."""
    return rng.choice(source.telling if source.telling and rng.random() < 0.5 else source.statements)


def _statement_left_out(source: Source, rng: random.Random) -> Edit:
    return _instead(source, _some_statement(source, rng), "pass")


def _statement_twice(source: Source, rng: random.Random) -> Edit:
    node = rng.choice(source.statements)
    piece = source.piece(node)
    return _instead(source, node, f"{piece}\n{source.indent(node)}{piece}")


def _statement_for_statement(source: Source, rng: random.Random) -> Edit:
    one = _some_statement(source, rng)
    return _instead(source, one, _moved(source, _another_statement(source, one, rng), one))


def _statement_before_statement(source: Source, rng: random.Random) -> Edit:
    one = _some_statement(source, rng)
    two = _another_statement(source, one, rng)
    return _instead(source, one, f"{_moved(source, two, one)}\n{source.indent(one)}{source.piece(one)}")


def _another_statement(source: Source, one: ast.stmt, rng: random.Random) -> ast.stmt:
    alike = [other for other in source.statements if type(other) is type(one)]
    return rng.choice(alike if rng.random() < 0.5 else source.statements)


def _moved(source: Source, node: ast.stmt, to: ast.stmt) -> str:
    """Return the text of a statement, indented as it has to be where another is."""
    return source.piece(node).replace(f"\n{source.indent(node)}", f"\n{source.indent(to)}")


def _wrapped(source: Source, rng: random.Random) -> Edit:
    node = _some_statement(source, rng)
    indent = source.indent(node)
    piece = source.piece(node).replace("\n", "\n    ")
    head, tail = rng.choice(WRAPPERS)
    return _instead(source, node, f"{head}\n{indent}    {piece}" + (f"\n{indent}{tail}" if tail else ""))


WRAPPERS = (
    *(("if unknown:", ""), ("if True:", ""), ("while True:", ""), ("for _ in range(10**9):", "")),
    *(("try:", "except ValueError: pass"), ("try:", "finally: pass"), ("with x as y, z:", "")),
    *(("def inner():", ""), ("async def inner():", ""), ("class Inner(*bases, metaclass=M):", "")),
)


def _call(source: Source, rng: random.Random) -> Edit | None:
    """Change what a call is given."""
    calls = source.all(ast.Call)
    if not calls:
        return None
    call = rng.choice(calls)
    given = map(source.piece, sorted([*call.args, *call.keywords], key=source.span))
    arguments = ", ".join(_rearranged([*given], ARGUMENTS, rng))
    return _instead(source, call, f"{source.piece(call.func)}({arguments})")


ARGUMENTS = ("*args", "**kwargs", "*()", "**{}", "None", "self", "config", "bias=True", "padding_idx=0")


def _list(source: Source, rng: random.Random) -> Edit | None:
    """Change what a list holds."""
    lists = source.all(ast.List)
    if not lists:
        return None
    node = rng.choice(lists)
    entries = ", ".join(_rearranged([*map(source.piece, node.elts)], ("1", "*x", "None"), rng))
    return _instead(source, node, f"[{entries}]")


def _dict(source: Source, rng: random.Random) -> Edit | None:
    """Change what a dict holds."""
    dicts = source.all(ast.Dict)
    if not dicts:
        return None
    node = rng.choice(dicts)
    pairs = zip(node.keys, node.values, strict=True)
    entries = [f"{source.piece(key) if key else 'None'}: {source.piece(value)}" for key, value in pairs]
    entries = _rearranged(entries, ("1: 2", "**x", "None: None"), rng)
    return _instead(source, node, f"{{{', '.join(entries)}}}")


def _rearranged(pieces: list[str], more: Sequence[str], rng: random.Random) -> list[str]:
    """Leave one out, say it twice, put in another, or shuffle them."""
    way = rng.randrange(4)
    at = rng.randrange(len(pieces) + 1)
    if way == 0:
        return pieces[:at] + pieces[at + 1 :]
    if way == 1:
        return pieces[:at] + pieces[at - 1 : at] + pieces[at:]
    if way == 2:
        return [*pieces[:at], rng.choice(more), *pieces[at:]]
    return rng.sample(pieces, len(pieces))


def _bases(source: Source, rng: random.Random) -> Edit | None:
    """Change what a class derives from."""
    classes = [node for node in source.all(ast.ClassDef) if node.bases]
    if not classes:
        return None
    node = rng.choice(classes)
    base = source.span(rng.choice(node.bases))
    other = rng.choice([*(one.name for one in source.all(ast.ClassDef)), *BASES])
    text = source.text[base.start : base.end]
    return Edit(*base, rng.choice((other, f"{text}, {other}", f"{other}, {text}", f"{text}[{other}]")))


BASES = ("object", "nn.Module", "*bases", "Generic[T]", "type('T', (), {})", "f()", "None", "1", "Protocol")


def _operator(source: Source, rng: random.Random) -> Edit | None:
    """Put another operator in the place of one."""
    nodes: list[ast.BinOp | ast.Compare | ast.BoolOp] = [*source.all(ast.BinOp), *source.all(ast.Compare)]
    nodes += source.all(ast.BoolOp)
    if not nodes:
        return None
    first, second, others = _operands(rng.choice(nodes))
    start, end = source.span(first).end, source.span(second).start
    operator = re.compile(r"[^\s()#\\]+(?: +(?:in|not))?")
    return Edit(start, end, operator.sub(f" {rng.choice(others)} ", source.text[start:end], count=1))


def _operands(node: ast.BinOp | ast.Compare | ast.BoolOp) -> tuple[ast.expr, ast.expr, Sequence[str]]:
    """Return two operands, and the operators that may stand between them."""
    if isinstance(node, ast.BinOp):
        return node.left, node.right, ARITHMETIC
    if isinstance(node, ast.BoolOp):
        return node.values[0], node.values[1], ("and", "or")
    return node.left, node.comparators[0], COMPARISONS


ARITHMETIC = ("+", "-", "*", "/", "//", "%", "**", "@", "|", "&", "^", "<<", ">>")
COMPARISONS = ("==", "!=", "<", ">=", "in", "not in", "is", "is not")


def _constant(source: Source, rng: random.Random) -> Edit | None:
    """Change a number or a text a little."""
    constants = source.all(ast.Constant)
    if not constants:
        return None
    node = rng.choice(constants)
    value = node.value
    if isinstance(value, str):
        at = rng.randrange(len(value) + 1)
        changed: object = value[:at] + rng.choice(LETTERS) + value[at + rng.randrange(2) :]
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        changed = rng.choice((None, True, False, 0, "x"))
    else:
        changed = rng.choice((value + 1, -value, 0, value * 1.5, value * 10**9, value - 1, 1 << 70))
    return _instead(source, node, f"({changed!r})")


LETTERS = ("", "", "s", ".", "*", "(a+)+$", "\\d", "[", "^", "|", "é", "\u202e", "\n", "{}", "%s", "\ud800")


def _name(source: Source, rng: random.Random) -> Edit:
    """Say another name in one place."""
    node = rng.choice([*source.all(ast.Name), *source.all(ast.Attribute)])
    end = source.span(node).end
    return Edit(end - len(source.name_of(node)), end, rng.choice([*source.identifiers, *NAMES]))


NAMES = ("_tied_weights_keys", "post_init", "tie_weights", "lm_head", "é", "__new__", "__class__")


def _decorated(source: Source, rng: random.Random) -> Edit | None:
    """Put a decorator before a function or a class."""
    nodes = [node for node in source.statements if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    if not nodes:
        return None
    start = source.span(node := rng.choice(nodes)).start
    return Edit(start, start, f"@{rng.choice(DECORATORS)}\n{source.indent(node)}")


DECORATORS = (
    *("property", "staticmethod", "classmethod", "unknown", "functools.cache", "torch.no_grad()", "x[*y]"),
    *("(lambda f: f)", "(lambda f: None)", "dataclass", "functools.wraps(f)", "cached_property"),
)

EDITS: tuple[Callable[[Source, random.Random], Edit | None], ...] = (
    *(_expression_for_expression, _odd_expression, _statement_left_out, _statement_twice, _wrapped),
    *(_statement_for_statement, _statement_before_statement, _call, _list, _dict, _bases, _operator),
    *(_constant, _name, _decorated),
)


def _renamed(text: str, rng: random.Random) -> str:
    names = sorted({node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)})
    one, two = rng.choice(names), rng.choice([*names, *NAMES])
    return re.sub(rf"\b{one}\b", two, text)


def _other_line_ends(text: str, rng: random.Random) -> str:
    return "".join(line + rng.choice(("\n", "\r\n", "\r", "\n\n", "\n\f")) for line in text.split("\n"))


def _tabs(text: str, rng: random.Random) -> str:
    return re.sub(r"(?m)^(?: {4})+", lambda found: "\t" * (len(found[0]) // 4), text)


def _byte_order_mark(text: str, rng: random.Random) -> str:
    return "\ufeff" + text


def _encoding(text: str, rng: random.Random) -> str:
    return f"# -*- coding: {rng.choice(ENCODINGS)} -*-\n{text}"


ENCODINGS = ("utf-8", "latin-1", "ascii", "utf-7", "cp1252", "no-such")

WHOLE: tuple[Callable[[str, random.Random], str], ...] = (
    *(_renamed, _renamed, _renamed, _other_line_ends, _tabs, _byte_order_mark, _encoding),
)


def _cut_off(text: str, rng: random.Random) -> str:
    return text[: rng.randrange(len(text))]


def _odd_letters(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    return text[:at] + rng.choice(ODD_LETTERS) + text[at:]


ODD_LETTERS = ("\x00", "\ufeff", "\u202e", "\x1b[31m", "\\", '"""', "\t", "(", "]")


def _without_a_word(text: str, rng: random.Random) -> str:
    found = rng.choice([*re.finditer(r"\w+|[^\w\s]", text)])
    return text[: found.start()] + text[found.end() :]


def _line_indented(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    lines[at] = rng.choice((" ", "    ", "\t")) + lines[at]
    return "\n".join(lines)


BREAKING: tuple[Callable[[str, random.Random], str], ...] = (
    *(_cut_off, _odd_letters, _without_a_word, _line_indented),
)
