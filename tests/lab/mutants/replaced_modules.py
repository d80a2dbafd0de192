"""Another text in the place of a class, or of a whole module that has not been imported yet."""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
from collections.abc import Iterable, Iterator, Sequence
from types import CodeType, ModuleType
from typing import Any

from tests.lab.mutants.reachable import classes
from tests.lab.mutants.source_edits import base_names, find_class, lines_of

MISSING = object()


@contextlib.contextmanager
def class_replaced(module: Any, released: str, mutated: str, class_name: str) -> Iterator[None]:
    """For a while the module's class, and with it all that inherit from it, is what another text says.

    The texts must differ in that class alone. Whatever looks a class up by its name gets the new one: the
    module's own functions, and whoever asks its package, which remembers what it has been asked for.
    """
    package = sys.modules[module.__name__.rpartition(".")[0]]
    heirs = [
        name for name in classes(released) if name != class_name and _inherits(released, name, class_name)
    ]
    before = {
        place: {name: vars(place).get(name, MISSING) for name in (class_name, *heirs)}
        for place in (module, package)
    }
    there = set(vars(module))
    try:
        _execute(module, _mutated_class(released, mutated, class_name))
        for name in heirs:
            _execute(module, "".join(released.splitlines(keepends=True)[slice(*_span(released, name))]))
        for name, value in before[package].items():
            if value is not MISSING:
                setattr(package, name, vars(module)[name])
        yield
    finally:
        for name in set(vars(module)) - there:
            delattr(module, name)
        for place, values in before.items():
            for name, value in values.items():
                if value is not MISSING:
                    setattr(place, name, value)
                elif name in vars(place):
                    delattr(place, name)


def _mutated_class(released: str, mutated: str, class_name: str) -> str:
    first, last = _span(released, class_name)
    lines = mutated.splitlines(keepends=True)
    return "".join(lines[first : len(lines) - (len(released.splitlines()) - last)])


def _span(text: str, class_name: str) -> tuple[int, int]:
    cls = find_class(text, class_name)
    assert cls is not None
    return lines_of(cls)


def _execute(module: Any, source: str) -> None:
    exec(compile(source, module.__file__, "exec", dont_inherit=True), vars(module))


def _inherits(text: str, class_name: str, ancestor: str) -> bool:
    cls = find_class(text, class_name)
    bases = base_names(cls) if cls is not None else []
    return any(base == ancestor or _inherits(text, base, ancestor) for base in bases)


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a given text in place of the file's."""

    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self._text = text

    def get_code(self, fullname: str) -> CodeType:
        # the library reads its own source to make docstrings
        linecache.cache[self.path] = (len(self._text), None, self._text.splitlines(keepends=True), self.path)
        return compile(self._text, self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, name: str, text: str) -> None:
        self._name, self._text = name, text

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        found = importlib.machinery.PathFinder.find_spec(fullname, path)
        assert found is not None and found.origin is not None
        loader = _Loader(fullname, found.origin, self._text)
        return importlib.util.spec_from_file_location(fullname, found.origin, loader=loader)


class _Barrier(importlib.abc.MetaPathFinder):
    """Refuses a package and all that is in it."""

    def __init__(self, package: str) -> None:
        self._package = package

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if f"{fullname}.".startswith(f"{self._package}."):
            raise ImportError(f"{fullname} is not to be imported yet")


def import_all_but(package: str, names: Iterable[str]) -> None:
    """Import modules in the order given; leave out those of the package and those that need it."""
    barrier = _Barrier(package)
    sys.meta_path.insert(0, barrier)
    try:
        for name in names:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    finally:
        sys.meta_path.remove(barrier)


def replace(name: str, text: str) -> None:
    """Let the module have that text; whatever imports it from now on in this process gets it so."""
    assert name not in sys.modules, f"{name} has been imported before"
    sys.meta_path.insert(0, _Finder(name, text))


def without_docstrings() -> None:
    """Let modules that are imported from now on make no docstrings: in 5.x that is most of the work."""
    utils = importlib.import_module("transformers.utils")
    if callable(getattr(utils, "auto_docstring", None)):
        setattr(utils, "auto_docstring", _undecorated)  # noqa: B010


def _undecorated(decorated: Any = None, **options: Any) -> Any:
    return _undecorated if decorated is None else decorated
