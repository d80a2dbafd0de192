"""Model files with something changed that Python's grammar knows: the input that nobody writes by hand.

A change takes the text of one node for that of another of its kind, wraps a statement, leaves one out, says
it twice, or renames something; some change what is between the nodes. The same seed gives the same text.
"""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

Span = tuple[int, int]


class Source:
    """A text and the spans of its nodes, by kind."""

    def __init__(self, text: str) -> None:
        self.text = text
        lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n|\Z)", text)
        """As the parser counts them: a form feed ends none."""
        starts = [0, *accumulate(map(len, lines))]
        wide = {number: line.encode() for number, line in enumerate(lines) if not line.isascii()}

        def position(line: int, column: int) -> int:
            """Return where in the text a line and a column, which is counted in bytes, are."""
            data = wide.get(line - 1)
            return starts[line - 1] + (column if data is None else len(data[:column].decode()))

        self.statements: list[Span] = []
        self.expressions: list[Span] = []
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.stmt, ast.expr)) and node.end_lineno is not None:
                start = position(node.lineno, node.col_offset)
                end = position(node.end_lineno, node.end_col_offset or 0)
                (self.statements if isinstance(node, ast.stmt) else self.expressions).append((start, end))


Change = Callable[[Source, random.Random], str]


def _put(source: Source, span: Span, text: str) -> str:
    return source.text[: span[0]] + text + source.text[span[1] :]


def _piece(source: Source, span: Span) -> str:
    return source.text[span[0] : span[1]]


def _expression_for_expression(source: Source, rng: random.Random) -> str:
    one, two = rng.choice(source.expressions), rng.choice(source.expressions)
    return _put(source, one, _piece(source, two))


def _odd_expression(source: Source, rng: random.Random) -> str:
    return _put(source, rng.choice(source.expressions), rng.choice(ODD))


ODD = (
    *(
        "None",
        "...",
        "()",
        "{}",
        "[]",
        "-1",
        "10**30",
        "1.5",
        "float('nan')",
        "''",
        "b''",
        "0x" + "f" * 4_000,
    ),
    *("(lambda: 0)()", "[*range(3)]", "{**{}}", "x[*y]", "(yield)", "(a := 1)", "not ()", "self", "cls"),
    *("super().__init__", "type('T', (), {})", "'x' * 10**9", "[[]] * 10**6", "f'{1:>{2}}'", "'\\ud800'"),
    *("nn.Linear(1, 1)", "nn.Embedding(config.vocab_size, 1)", "config", "getattr(self, 'x', None)"),
    *("[i for i in range(10**9)]", "{i: j for i, j in zip((), ())}", "1 if x else 2", "a and b or c"),
)


def _statement_left_out(source: Source, rng: random.Random) -> str:
    return _put(source, rng.choice(source.statements), "pass")


def _statement_twice(source: Source, rng: random.Random) -> str:
    span = rng.choice(source.statements)
    piece = _piece(source, span)
    return _put(source, span, f"{piece}\n{_indent(source, span)}{piece}")


def _statement_for_statement(source: Source, rng: random.Random) -> str:
    one, two = rng.choice(source.statements), rng.choice(source.statements)
    return _put(source, one, _piece(source, two).replace("\n", "\n" + _indent(source, one)))


def _wrapped(source: Source, rng: random.Random) -> str:
    span = rng.choice(source.statements)
    indent = _indent(source, span)
    piece = _piece(source, span).replace("\n", "\n    ")
    head, tail = rng.choice(WRAPPERS)
    return _put(source, span, f"{head}\n{indent}    {piece}" + (f"\n{indent}{tail}" if tail else ""))


WRAPPERS = (
    *(("if unknown:", ""), ("if True:", ""), ("while True:", ""), ("for _ in range(10**9):", "")),
    *(("try:", "except* ValueError: pass"), ("try:", "finally: pass"), ("with x as y, z:", "")),
    *(("def inner():", ""), ("async def inner():", ""), ("class Inner(*bases, metaclass=M):", "")),
    ("match x:\n            case [*_]:", ""),
)


def _indent(source: Source, span: Span) -> str:
    line = source.text[source.text.rfind("\n", 0, span[0]) + 1 : span[0]]
    return line if not line.strip() else ""


def _renamed(source: Source, rng: random.Random) -> str:
    names = sorted(set(re.findall(r"\b[A-Za-z_]\w+\b", source.text)))
    one, two = rng.choice(names), rng.choice([*names, "_tied_weights_keys", "post_init", "é", "__new__"])
    return re.sub(rf"\b{one}\b", two, source.text)


def _other_line_ends(source: Source, rng: random.Random) -> str:
    lines = source.text.split("\n")
    return "".join(line + rng.choice(("\n", "\r\n", "\r", "\n\n", "\n\f")) for line in lines)


def _cut_off(source: Source, rng: random.Random) -> str:
    return source.text[: rng.randrange(len(source.text))]


def _odd_letters(source: Source, rng: random.Random) -> str:
    at = rng.randrange(len(source.text))
    return (
        source.text[:at]
        + rng.choice(("\x00", "\ufeff", "\u202e", "\x1b[31m", "\\", '"""', "\t"))
        + source.text[at:]
    )


CHANGES: tuple[Change, ...] = (
    *(_expression_for_expression, _odd_expression, _statement_left_out, _statement_twice),
    *(_statement_for_statement, _wrapped, _renamed, _other_line_ends, _cut_off, _odd_letters),
)


def mutant(text: str, seed: int) -> str:
    """Return a text with one to four changes, the same for the same seed."""
    rng = random.Random(seed)
    for _ in range(rng.choice((1, 1, 2, 4))):
        try:
            source = Source(text)
        except (SyntaxError, ValueError):
            break  # an earlier change made it no Python: that is one of the things to try
        if not source.statements or not source.expressions:
            break
        text = rng.choice(CHANGES)(source, rng)
    return text


def model_files(library: Path, count: int) -> list[Path]:
    """Return model files of an unpacked release of transformers, spread over it."""
    found = sorted(library.glob("models/*/modeling_*.py"))
    return found[:: max(len(found) // count, 1)][:count]


def standing_alone(path: Path) -> str:
    """Return the text of a model file of the library with absolute imports."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^(\s*from) \.\.\.(\w)", r"\1 transformers.\2", text, flags=re.MULTILINE)
    text = re.sub(r"^(\s*from) \.\.\. import", r"\1 transformers import", text, flags=re.MULTILINE)
    text = re.sub(r"^(\s*from) \.\.(\w)", r"\1 transformers.models.\2", text, flags=re.MULTILINE)
    return re.sub(
        r"^(\s*from) \.(\w)", rf"\1 transformers.models.{path.parent.name}.\2", text, flags=re.MULTILINE
    )


def write_mutants(library: Path, files: int, count: int, folder: Path) -> Iterator[Path]:
    """Write mutants of so many model files, and yield the paths."""
    texts = [standing_alone(path) for path in model_files(library, files)]
    for number in range(count):
        path = folder / f"m{number}.py"
        text = mutant(texts[number % len(texts)], number)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        yield path
        if number > 5_000:
            (folder / f"m{number - 5_000}.py").unlink()
