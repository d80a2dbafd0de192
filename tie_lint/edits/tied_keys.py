"""``_tied_weights_keys`` as source text: a new declaration, a completed one, one entry put right."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from tie_lint.edits.attributes import add_attribute
from tie_lint.edits.source import Source, assigned, attribute
from tie_lint.finding import Edit
from tie_lint.python.statements import Span

NAME = "_tied_weights_keys"

Keys = Mapping[str, str] | Sequence[str]
"""A mapping from targets to sources or, for releases up to 4.57 alone, the targets."""


def declare(source: Source, cls: ast.ClassDef, keys: Keys) -> list[Edit]:
    """Declare these keys and no others, whatever was declared before; empty where there is no place for it.

    Comments among entries are kept; entries that stay the same keep their text.
    """
    present = attribute(cls, NAME)
    if not keys and present is None:
        return []
    if present is None:
        if any(NAME in assigned(node) for node in ast.walk(cls) if isinstance(node, ast.stmt)):
            return []
        indent = source.indentation(cls.body[0])
        added = add_attribute(source, cls, NAME, _rendered(source, keys, indent, strip=indent))
        return [added] if added else []
    if present.value is None or not source.stands_alone(present):
        return []
    value, indent = present.value, source.indentation(present)
    if isinstance(value, ast.List | ast.Tuple | ast.Set) and isinstance(keys, Mapping) and _is_open(value):
        edits = _entry_by_entry(source, value, keys)
        if edits:
            return [*edits, *_annotated(source, present)]
    if "#" in source.code(value):
        return []
    text = _rendered(source, keys, indent, _is_open(value), column=source.span(value)[1])
    return [source.replace(source.span(value), text), *_annotated(source, present)]


def _annotated(source: Source, present: ast.stmt) -> list[Edit]:
    """An annotation that says list, made to say mapping."""
    if not isinstance(present, ast.AnnAssign) or "ist[" not in source.code(present.annotation):
        return []
    return [source.replace(source.span(present.annotation), "dict[str, str]")]


def _is_open(value: ast.expr) -> bool:
    """Whether a display has each entry on lines of its own."""
    lines = [entry.lineno for entry in _entries(value)]
    return len(set(lines)) == len(lines) and bool(lines) and value.lineno < lines[0]


def _entries(value: ast.expr) -> list[ast.expr]:
    if isinstance(value, ast.Dict):
        return [key for key in value.keys if key is not None]
    return value.elts if isinstance(value, ast.List | ast.Tuple | ast.Set) else []


def _entry_by_entry(source: Source, value: ast.expr, keys: Mapping[str, str]) -> list[Edit]:
    """A list made a mapping where every entry is the name of one target; else empty."""
    entries = _entries(value)
    targets = [_target(entry, keys) for entry in entries]
    if len(set(targets)) != len(keys) or set(targets) != set(keys):
        return []
    line, column, end_line, end_column = source.span(value)
    edits = [
        Edit(line, column, line, column + 1, "{"),
        Edit(end_line, end_column - 1, end_line, end_column, "}"),
    ]
    for entry, target in zip(entries, targets, strict=True):
        assert target is not None
        edits.append(
            source.replace(source.span(entry), f"{source.quoted(target)}: {source.quoted(keys[target])}")
        )
    return edits


def _target(entry: ast.expr, keys: Mapping[str, str]) -> str | None:
    """The one target that an entry of a list means: its own text, or what ends with it."""
    if not isinstance(entry, ast.Constant) or not isinstance(entry.value, str):
        return None
    if entry.value in keys:
        return entry.value
    found = [key for key in keys if key.endswith(entry.value)]
    return found[0] if len(found) == 1 else None


def _rendered(
    source: Source, keys: Keys, indent: str, is_open: bool = False, *, column: int = 0, strip: str = ""
) -> str:
    """The declaration's value; on one line if it fits and was not open before."""
    left, right = ("{", "}") if isinstance(keys, Mapping) else ("[", "]")
    entries = [_entry(source, key, keys) for key in keys]
    line = left + ", ".join(entries) + right
    start = column or len(f"{indent}{NAME} = ") + 1
    if start + len(line) - 1 <= source.width and not (is_open and entries):
        return line
    inner = indent + "    "
    text = "\n".join([left, *(f"{inner}{entry}," for entry in entries), indent + right])
    return text.replace(f"\n{strip}", "\n") if strip else text


def _entry(source: Source, key: str, keys: Keys) -> str:
    value = keys[key] if isinstance(keys, Mapping) else None
    return source.quoted(key) + ("" if value is None else f": {source.quoted(value)}")


def correct(source: Source, cls: ast.ClassDef, wrong: str, right: str) -> list[Edit]:
    """Put one entry right, wherever it stands in the declaration; empty where it is not written out."""
    present = attribute(cls, NAME)
    strings = {} if present is None or present.value is None else source.strings_in(present.value)
    return [source.replace(source.span(node), source.quoted(right)) for node in strings.get(wrong, ())]


def complete(source: Source, cls: ast.ClassDef, more: Mapping[str, str]) -> list[Edit]:
    """Add entries to a declaration that is written out, in its own form; else empty."""
    present = attribute(cls, NAME)
    value = None if present is None else present.value
    if present is None or not isinstance(value, ast.List | ast.Dict) or not source.stands_alone(present):
        return []
    entries = value.values if isinstance(value, ast.Dict) else value.elts
    keys: Keys = more if isinstance(value, ast.Dict) else list(more)
    texts = [_entry(source, key, keys) for key in more]
    if not entries:
        return declare(source, cls, keys)
    line, column = source.span(entries[-1])[2:]
    if not _is_open(value) and column + sum(len(text) + 2 for text in texts) > source.width:
        return declare(source, cls, _extended(value, more))
    separator = ",\n" + source.margin(line) if _is_open(value) else ", "
    return [source.replace([line, column, line, column], "".join(separator + text for text in texts))]


def give_source(source: Source, cls: ast.ClassDef, target: str, name: str) -> list[Edit]:
    """Give one target of a mapping that is written out another source."""
    return [source.replace(source.span(old), source.quoted(name)) for _, old in _entries_of(cls, target)]


def turn_entry(source: Source, cls: ast.ClassDef, target: str) -> list[Edit]:
    """Exchange one target of a mapping that is written out and its source."""
    edits: list[Edit] = []
    for key, value in _entries_of(cls, target):
        edits.append(source.replace(source.span(key), source.code(value)))
        edits.append(source.replace(source.span(value), source.code(key)))
    return edits


def put_last(source: Source, cls: ast.ClassDef, target: str) -> list[Edit]:
    """Put one entry of a mapping that is written out behind the others, which move up by one."""
    present = attribute(cls, NAME)
    value = None if present is None else present.value
    if not isinstance(value, ast.Dict) or None in value.keys or "#" in source.code(value):
        return []
    entries = [(key, entry) for key, entry in zip(value.keys, value.values, strict=True) if key is not None]
    names = [key.value if isinstance(key, ast.Constant) else None for key, _ in entries]
    if names.count(target) != 1:
        return []
    place = names.index(target)
    return [
        source.replace(
            [*source.span(key)[:2], *source.span(old)[2:]], f"{source.code(name)}: {source.code(new)}"
        )
        for (key, old), (name, new) in zip(
            entries[place:], [*entries[place + 1 :], entries[place]], strict=True
        )
    ]


def _entries_of(cls: ast.ClassDef, target: str) -> list[tuple[ast.expr, ast.expr]]:
    """Key and value of a target in a mapping that is written out."""
    present = attribute(cls, NAME)
    value = None if present is None else present.value
    pairs = zip(value.keys, value.values, strict=True) if isinstance(value, ast.Dict) else ()
    return [(key, old) for key, old in pairs if isinstance(key, ast.Constant) and key.value == target]


def _extended(value: ast.expr, more: Mapping[str, str]) -> Keys:
    """All entries of a declaration that is written out, and more; none where it is more than literals."""
    try:
        present = ast.literal_eval(value)
    except ValueError:
        return {}
    return {**present, **more} if isinstance(present, dict) else [*present, *more]


def only_for_lists(source: Source, at: Span) -> list[Edit]:
    """Let ``if X is not None:`` around an assignment whose value goes through X ask whether X is a list."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.If) or node.orelse or [source.span(part) for part in node.body] != [at]:
            continue
        test, assignment = node.test, node.body[0]
        if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.IsNot):
            continue
        value = assignment.value if isinstance(assignment, ast.Assign) else None
        loops = value.generators if isinstance(value, ast.ListComp) else []
        listed = ast.unparse(test.left)
        if ast.unparse(test) == f"{listed} is not None" and [ast.unparse(one.iter) for one in loops] == [
            listed
        ]:
            return [source.replace(source.span(test), f"isinstance({source.code(test.left)}, list)")]
    return []


def set_in_place(source: Source, at: Span, keys: Keys) -> list[Edit]:
    """Put these keys in the place of the value of the assignment that stands there."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assign) and source.span(node) == at and "#" not in source.code(node.value):
            start = source.span(node.value)[1]
            text = _rendered(source, keys, source.indentation(node), column=start)
            return [source.replace(source.span(node.value), text)]
    return []
