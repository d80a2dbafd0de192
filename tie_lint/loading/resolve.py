"""The model class that a folder's config.json means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tie_lint.interpreter.base_values import UNBOUND, RaisedError, Value
from tie_lint.interpreter.classes import Class
from tie_lint.intrinsics.transformers.auto import auto_model, config_of_type
from tie_lint.python.disk import is_file
from tie_lint.python.text import UnreadableSourceError

if TYPE_CHECKING:
    from tie_lint.project.project import Project


class UnresolvedError(Exception):
    """The class cannot be told; the text says why."""


def resolve(project: Project, folder: Path, values: Mapping[str, Any], asked: str = "") -> Class:
    """Return the class: that of the name that is ``asked`` for, else what config.json says.

    Code beside config.json goes before the library, as with ``trust_remote_code``; ``architectures`` before
    ``model_type``. Raises :class:`UnresolvedError`.
    """
    local = dict(_local_classes(values))
    names = [asked] if asked else _strings(values.get("architectures"))[:1]
    for name in names or list(local)[:1]:
        found = _in_file(project, folder, local.get(name), name)
        if not isinstance(found, Class):
            found = project.exported_from("transformers", name)
        if isinstance(found, Class) and found.is_model:
            return found
        raise UnresolvedError(
            f"{name[:200]} is neither beside config.json nor in transformers {project.release}"
        )
    return _by_model_type(project, values.get("model_type"))


def _local_classes(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The classes that ``auto_map`` names and the files that they are in, models before others."""
    table = values.get("auto_map")
    entries = table.items() if isinstance(table, dict) else ()
    for auto, entry in sorted(entries, key=lambda item: not str(item[0]).startswith("AutoModelFor")):
        for reference in _strings(entry):
            module, _, name = reference.rpartition("--")[2].rpartition(".")
            if auto.startswith("AutoModel") and module.isidentifier():
                yield name, module


def _strings(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]


def _in_file(project: Project, folder: Path, module: str | None, name: str) -> Value:
    """A class of one of the folder's files: of the one that is named, else of any that holds models."""
    files = [folder / f"{module}.py"] if module else sorted(folder.glob("modeling_*.py"))
    for path in files:
        if is_file(path):
            try:
                scope = project.file(path)
            except (UnreadableSourceError, OSError) as error:
                raise UnresolvedError(f"{path.name} cannot be read: {error}") from error
            found = scope.lookup(name)
            if found is not UNBOUND:
                project.judged(scope)
                return found
    return UNBOUND


def _by_model_type(project: Project, model_type: Any) -> Class:
    """What ``AutoModel`` makes of a model type."""
    try:
        config = config_of_type(project.interpreter, model_type)
    except RaisedError:
        config = UNBOUND
    found = auto_model(project.interpreter, config) if isinstance(config, Class) else None
    if found is None:
        raise UnresolvedError(f"config.json names no class, and model_type {model_type!r} is not known")
    return found
