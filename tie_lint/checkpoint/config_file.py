"""config.json: its values, and where in the text they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from tie_lint.checkpoint.errors import CheckpointError
from tie_lint.checkpoint.files import member, open_plain
from tie_lint.checkpoint.json_file import decode, parse_object
from tie_lint.finding import Edit
from tie_lint.record import NamedTuple

NAME = "config.json"
MOST_BYTES = 16_000_000
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')

Keys = tuple[str, ...]
"""The keys that lead to a value: ``("text_config", "tie_word_embeddings")``."""
Span = tuple[int, int, int, int]
"""Line and column, counted from 1, of the beginning and of the end, which is exclusive."""


MODEL_KEYS = ("architectures", "auto_map", "model_type")
"""Keys that the config.json of a transformers model has, and that of another program has not."""
FIRST_BYTES = 1_000_000


class Entry(NamedTuple):
    """Where a key and its value stand in the text."""

    key: int
    value: int
    end: int


class ConfigFile:
    """The config.json of a model's folder."""

    def __init__(self, path: Path, text: str) -> None:
        """Raises ``CheckpointError``."""
        self.path, self.text = path, text
        self.values: dict[str, Any] = parse_object(text.encode("utf-8", "surrogatepass"), path)

    @classmethod
    def read(cls, folder: Path, name: str = NAME) -> ConfigFile:
        """Read the file of a folder. Raises ``CheckpointError``."""
        path = member(folder, name, folder / name)
        with open_plain(path) as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise CheckpointError(path, f"is more than {MOST_BYTES:,} bytes of JSON")
        try:
            return cls(path, decode(data))
        except ValueError as error:
            raise CheckpointError(path, f"is no valid JSON: {error}") from None

    @property
    def describes_model(self) -> bool:
        """Whether it is the file of a transformers model, and not of some other program."""
        return any(key in self.values for key in MODEL_KEYS)

    def get(self, keys: Keys) -> Any:
        """Return the value that the keys lead to; None where there is none."""
        found: Any = self.values
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def span(self, *candidates: Keys) -> Span:
        """Return where the first of the entries stands that there is, else where the file begins."""
        for keys in candidates:
            entry = self._entries.get(keys)
            if entry is not None:
                return (*self._place(entry.key), *self._place(entry.end))
        return (1, 1, 1, 2)

    def edit(self, keys: Keys, value: bool) -> Edit | None:
        """Return the edit that gives a key of an object that is there a value, in the style of the file."""
        entry, text = self._entries.get(keys), json.dumps(value)
        if entry is not None:
            return Edit.of((*self._place(entry.value), *self._place(entry.end)), text)
        beside = [one for path, one in self._entries.items() if path[:-1] == keys[:-1]]
        if not beside:
            return None
        last = max(beside, key=lambda one: one.end)
        before = self.text[: last.key]
        space = before[len(before.rstrip(" \t\r\n")) :]
        place = self._place(last.end)
        return Edit.of((*place, *place), f",{space}{json.dumps(keys[-1])}: {text}")

    @cached_property
    def _entries(self) -> dict[Keys, Entry]:
        """Every entry of the object and of the objects in it; of a key that is there twice, the last one."""
        return dict(_entries(self.text))

    def _place(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset."""
        before = self.text[:offset]
        line = before.count("\n")
        return line + 1, offset - (before.rfind("\n") + 1) + 1


def may_describe_model(path: Path) -> bool:
    """Return whether a file that cannot be used may be that of a model or an adapter.

    Many programs have a config.json, and some of them are no JSON.
    """
    if path.name != NAME:
        return True
    try:
        with open_plain(path) as file:
            data = file.read(FIRST_BYTES).replace(b"\0", b"")  # of UTF-16 and UTF-32
    except CheckpointError:
        return True
    return any(f'"{key}"'.encode() in data for key in MODEL_KEYS)


def _entries(text: str) -> Iterator[tuple[Keys, Entry]]:
    """Find the entries of valid JSON. Objects in lists have no keys that lead to them."""
    path: list[str | None] = []
    open_at: list[tuple[int, int]] = []
    key: tuple[str, int] | None = None
    tokens = list(_TOKEN.finditer(text))
    for index, token in enumerate(tokens):
        word, is_key = token.group(), tokens[index + 1 : index + 2]
        if word.startswith('"') and is_key and is_key[0].group() == ":":
            key = (json.loads(word), token.start())
        elif word in ("{", "["):
            path.append(key[0] if key else None)
            open_at.append((key[1] if key else -1, token.start()))
            key = None
        elif word in ("}", "]"):
            name, (start, value) = path.pop(), open_at.pop()
            if name is not None and None not in path[1:]:
                yield (*_named(path), name), Entry(start, value, token.end())
        elif word not in (",", ":") and key is not None:
            if None not in path[1:]:
                yield (*_named(path), key[0]), Entry(key[1], token.start(), token.end())
            key = None


def _named(path: list[str | None]) -> Keys:
    return tuple(name for name in path if name is not None)
