"""A folder with config.json as the rules and the explanations see it, under one release."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from tie_lint.checkpoint.adapter import Adapter
from tie_lint.checkpoint.checkpoint import Checkpoint, find_checkpoint
from tie_lint.checkpoint.compare import Likeness, compare
from tie_lint.checkpoint.config_file import ConfigFile, Keys
from tie_lint.finding import Edit
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.regexes import TooCostlyError, pattern
from tie_lint.intrinsics.transformers.context import Interpreter
from tie_lint.loading.names import StoredNames
from tie_lint.loading.outcome import Prediction, Shape, Stored
from tie_lint.loading.predict import predict
from tie_lint.project.project import Project
from tie_lint.tiemap.construction import Construction, construct_as

FLAG = "tie_word_embeddings"
OUTER: Keys = (FLAG,)
TEXT: Keys = ("text_config", FLAG)
"""The two places where the config of a composite model can say whether to tie."""
_DTYPES = {"bfloat16": "BF16", "float16": "F16", "float32": "F32"}


class ModelFolder:
    """What a folder holds, whatever the release. What cannot be read raises ``CheckpointError``."""

    def __init__(self, path: Path, config: ConfigFile, *, comparing: bool = True) -> None:
        self.path, self.config, self._comparing = path, config, comparing
        self.checkpoint: Checkpoint | None = find_checkpoint(path)
        self._compared: dict[tuple[str, str], Likeness | None] = {}

    @property
    def saved_with(self) -> Any:
        """The release that config.json says it was saved with."""
        return self.config.values.get("transformers_version")

    @cached_property
    def stored(self) -> Stored | None:
        """The checkpoint as a prediction needs it; None where the names are not known."""
        if self.checkpoint is None or not self.checkpoint.has_names:
            return None
        return Stored(StoredNames(self.checkpoint.load_order), _Shapes(self.checkpoint), self.alike)

    def alike(self, one: str, two: str) -> bool | None:
        """Return whether two stored tensors are equal once they are loaded; None where that is not known."""
        found = self.likeness(one, two)
        if found != "rounded":
            return None if found is None else found == "equal"
        wanted = self.config.values.get("dtype") or self.config.values.get("torch_dtype")
        dtype = _DTYPES.get(str(wanted).removeprefix("torch."))
        return None if dtype is None else dtype != "F32"

    def likeness(self, one: str, two: str) -> Likeness | None:
        """Return how like the values of two stored tensors are; None where that is not known."""
        key = (min(one, two), max(one, two))
        if key not in self._compared:
            tensors = [self.checkpoint.tensor(name) for name in key] if self.checkpoint else [None, None]
            first, second = tensors
            if first is None or second is None:
                self._compared[key] = None
            elif first.shape != second.shape:
                self._compared[key] = "different"
            else:
                self._compared[key] = compare(first, second) if self._comparing else None
        return self._compared[key]

    def nbytes(self, name: str) -> int:
        """Return how many bytes a stored tensor takes; 0 where that is not known."""
        tensor = None if self.checkpoint is None else self.checkpoint.tensor(name)
        return 0 if tensor is None else tensor.nbytes


class _Shapes(Mapping[str, Shape]):
    """The shapes of a checkpoint's tensors, each looked up when it is asked for."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint

    def __getitem__(self, name: str) -> Shape:
        tensor = self._checkpoint.tensor(name)
        if tensor is None:
            raise KeyError(name)
        return tensor.shape

    def __iter__(self) -> Any:
        return iter(self._checkpoint.names)

    def __len__(self) -> int:
        return len(self._checkpoint.names)


class FolderView:
    """A model folder under one release: what ``from_pretrained`` makes of it."""

    def __init__(
        self, folder: ModelFolder, project: Project, cls: Class, adapter: Adapter | None = None
    ) -> None:
        self.folder, self.project, self.cls, self.adapter = folder, project, cls, adapter
        self.interp: Interpreter = project.interpreter
        self.config, self.name = folder.config, cls.leaf
        self.release: str = project.library.release

    @cached_property
    def prediction(self) -> Prediction:
        """What a load does."""
        return predict(self.interp, self.cls, self.config.values, self.folder.stored)

    @cached_property
    def construction(self) -> Construction:
        """The model built with the values of config.json."""
        return construct_as(self.interp, self.cls, self.config.values)

    def with_value(self, keys: Keys, value: bool | None) -> Prediction:
        """Return what a load would do if config.json had another value there, or none."""
        values = copy.deepcopy(self.config.values)
        holder: Any = values
        for key in keys[:-1]:
            holder = holder.setdefault(key, {})
        if value is None:
            holder.pop(keys[-1], None)
        else:
            holder[keys[-1]] = value
        return predict(self.interp, self.cls, values, self.folder.stored)

    @property
    def untied(self) -> list[list[str]]:
        """The groups that this config leaves apart: those that another flag would tie, and embedding and head
        where nothing ties them."""
        asked, ends = self.prediction.asked, self.prediction.ends
        alone = len(set(ends)) > 1 and not any(set(ends) <= set(group) for group in asked)
        return [group for group in [*asked, *([ends] if alone else [])] if not self._is_tied(group)]

    @property
    def tied(self) -> list[list[str]]:
        """The groups that are tied under this config, as far as they are not all biases."""
        return self.prediction.ties

    def _is_tied(self, group: list[str]) -> bool:
        return any(set(group) <= set(tied) for tied in self.prediction.ties)

    def flag_edit(self, value: bool, keys: Keys = OUTER) -> tuple[Edit, ...]:
        """Return the edit that has config.json say to tie, or not to, where a load then takes all that is
        stored.
        """
        loaded = self.with_value(keys, value).loaded
        edit = self.config.edit(keys, value)
        if loaded is None or edit is None or loaded.parted or loaded.mismatched:
            return ()
        used = {origin.name for origin in loaded.origins.values()}
        whole = all(origin.kind == "stored" for origin in loaded.origins.values())
        return (edit,) if whole and used >= set(loaded.files.values()) else ()

    def kinds(self, group: list[str]) -> dict[str, str]:
        """Return where the values of the names come from; none where what is loaded is not known."""
        loaded = self.prediction.loaded
        return {name: loaded.origins[name].kind for name in group if name in loaded.origins} if loaded else {}

    def stored(self, group: list[str]) -> list[str]:
        """Return the names that the checkpoint stores something for."""
        loaded = self.prediction.loaded
        return [name for name in group if name in loaded.files] if loaded else []

    @property
    def says_flag(self) -> bool:
        """Whether config.json itself says whether to tie."""
        return any(isinstance(self.config.get(keys), bool) for keys in (OUTER, TEXT))

    def treatment(self, name: str) -> str | None:
        """Return what the adapter does to a parameter; None where it does nothing, or that is not known."""
        return None if self.adapter is None else self.adapter.treatment(name, _matches)

    @property
    def flag_span(self) -> list[int]:
        """Where config.json says whether to tie, or else of which class it is."""
        return list(self.config.span((FLAG,), ("text_config", FLAG), ("architectures",), ("model_type",)))

    @property
    def parted(self) -> list[tuple[str, str]]:
        """The ``(target, source)`` that a load keeps apart as their values differ."""
        loaded = self.prediction.loaded
        pairs = loaded.parted if loaded else []
        return [pair for pair in pairs if not self._are_equal(list(pair))]

    @property
    def overwritten(self) -> list[tuple[str, list[str]]]:
        """What is kept of names that are one parameter once loaded, and what was stored besides it."""
        loaded = self.prediction.loaded
        found = []
        for group in loaded.groups if loaded else []:
            assert loaded is not None
            origin = loaded.origins[group[0]]
            if origin.kind != "stored":
                continue
            stored = {name: loaded.files[name] for name in group if name in loaded.files}
            kept = next((name for name, file in stored.items() if file == origin.name), None)
            lost = [name for name, file in stored.items() if self.folder.alike(origin.name, file) is False]
            if kept is not None and lost:
                found.append((kept, lost))
        return found

    @property
    def redundant(self) -> list[list[str]]:
        """The names that are tied under this config, and are stored more than once with equal values."""
        loaded = self.prediction.loaded
        if loaded is None:
            return []
        groups = [[name for name in group if name in loaded.files] for group in self.tied]
        several = [group for group in groups if len({loaded.files[name] for name in group}) > 1]
        return [group for group in several if self._are_equal(group)]

    def _are_equal(self, names: list[str]) -> bool:
        """Whether what the names are loaded from, or else tied to, has equal values."""
        loaded = self.prediction.loaded
        files = [loaded.files.get(name, loaded.origins[name].name) for name in names] if loaded else []
        return all(self.folder.alike(files[0], other) is True for other in files[1:])

    def stored_bytes(self, names: list[str]) -> int:
        """Return how many bytes the checkpoint stores for some names of the model."""
        loaded = self.prediction.loaded
        return sum(self.folder.nbytes(loaded.files[name]) for name in names) if loaded else 0

    def stands_in(self, group: list[str]) -> tuple[str, str] | None:
        """Return the name that takes the place of the source of a tie, which is not stored, and
        that source.
        """
        loaded, mapping = self.prediction.loaded, self.prediction.mapping
        if loaded is None:
            return None
        for name in group:
            source = mapping.get(name)
            if name in loaded.files and source is not None and source not in loaded.files:
                return name, source
        return None

    @property
    def unread_flag(self) -> tuple[Keys, Keys] | None:
        """Where config.json asks in vain for a tie of the head, which the checkpoint does not store; and the
        other place, which does not ask for it. Only composite configs have two."""
        head = self.prediction.head
        apart = next((group for group in self.untied if head is None or head in group), None)
        if apart is None or not isinstance(self.config.get(TEXT[:1]), dict):
            return None
        kinds = self.kinds(apart)
        if kinds and set(kinds.values()) == {"stored"}:
            return None
        pairs = ((TEXT, OUTER), (OUTER, TEXT))
        asked = (pair for pair in pairs if [self.config.get(keys) is True for keys in pair] == [True, False])
        return next(asked, None)

    @property
    def ties_anyway(self) -> bool:
        """Whether config.json says not to tie the head, and it is tied all the same."""
        head = self.prediction.head
        says_no = self.config.get((FLAG,)) is False and self.config.get(("text_config", FLAG)) is not True
        return says_no and any(head in group for group in self.tied)


def _matches(text: str, name: str) -> bool:
    with suppress(re.error, TooCostlyError):
        return pattern(text).matches(name)
    return False
