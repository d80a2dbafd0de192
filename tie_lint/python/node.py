"""What the nodes of lowered source have in common.

A class of nodes lists its fields as annotations, and these are all there is to know about it: its
constructor, its JSON form and its children follow from them.

As JSON a node is a list: the word for its kind, where it has one, and its fields in order. Fields with a
default come last and are left out while they have it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tie_lint.record import Record, RecordType, dataclass_transform

if TYPE_CHECKING:
    from typing_extensions import Self


_PLAIN = re.compile(r"(?:\W|str|bool|int|None|Constant|Span|ImportFacts|list|Sequence)+")
"""Annotations of fields that hold no nodes."""


@dataclass_transform()
class NodeType(RecordType):
    """The classes of nodes. ``word`` is what JSON has for the class. Without one, where a node stands says
    what it is.
    """

    child_fields: tuple[str, ...]
    """The fields that hold nodes or lists of nodes."""
    word: str | None
    kinds: dict[str, NodeType]
    """The classes of a family (expressions, statements, patterns) by their words."""
    readers: tuple[Callable[[Any], Any] | None, ...] | None

    def __new__(
        mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], word: str | None = None
    ) -> NodeType:
        cls = super().__new__(mcs, name, bases, body)
        cls.word, cls.readers = word, None
        cls.child_fields = tuple(field for field, found in cls.fields.items() if not _PLAIN.fullmatch(found))
        if word is None:
            cls.kinds = {}
        else:
            cls.kinds[word] = cls
        _CLASSES[name] = cls
        return cls


_CLASSES: dict[str, Any] = {}


class Node(Record, metaclass=NodeType):
    """A piece of lowered source. Nodes are equal when they are of one class and their fields are equal."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and all(
            getattr(self, name) == getattr(other, name) for name in type(self).fields
        )

    __hash__ = None  # type: ignore[assignment]

    def as_json(self) -> list[Any]:
        """Return the node as nested lists."""
        cls = type(self)
        data = [_as_json(getattr(self, name)) for name in cls.fields]
        for _ in cls.defaults:
            if data[-1]:
                break
            data.pop()
        return data if cls.word is None else [cls.word, *data]

    @classmethod
    def from_json(cls, data: list[Any]) -> Self:
        """Return the node whose JSON form this is; called on a family (``Expr``), a node of the family."""
        family: Any = cls
        if family.kinds:
            found = family.kinds[data[0]]
            return found(*_read(found, data[1:]))  # type: ignore[no-any-return]
        return cls(*_read(family, data))


def _as_json(value: Any) -> Any:
    if isinstance(value, Node):
        return value.as_json()
    return [_as_json(item) for item in value] if isinstance(value, (list, tuple)) else value


def _read(cls: NodeType, data: list[Any]) -> list[Any]:
    readers = cls.readers
    if readers is None:
        readers = cls.readers = tuple(_reader(annotation) for annotation in cls.fields.values())
    return [part if read is None else read(part) for read, part in zip(readers, data)]  # noqa: B905


def _reader(annotation: str) -> Callable[[Any], Any] | None:
    """Return what reads the JSON form of a field; None where that is the value itself."""
    if _PLAIN.fullmatch(annotation):
        return None
    if annotation == "Expr | Pair":
        return lambda data: _CLASSES["Expr" if isinstance(data[0], str) else "Pair"].from_json(data)
    if annotation.endswith(" | None"):
        some: Any = _reader(annotation.removesuffix(" | None"))
        return lambda data: None if data is None else some(data)
    inner = annotation.removeprefix("list[").removeprefix("Sequence[").removesuffix("]")
    read = _CLASSES[inner].from_json
    return read if inner == annotation else lambda data: [read(item) for item in data]
