"""Stands in for third-party modules that are not installed, so that a package's own modules can be imported.

A stub is a class whose every attribute, item and call is again a stub; called as a decorator it returns what
it decorates. It has no truth value, no length and no order: code that asks for one does not go on, unless
``StubType.are_true`` says that what is missing counts as there.

What comes out of a stub is not the truth about anything. So each use is noted in ``USES``, and a model class
whose construction adds to them counts as not built.

An import that the package itself guards (``try: import x`` with a handler for ``ImportError``, or a look with
``importlib.util.find_spec``) is not helped: the package knows how to do without.
"""

from __future__ import annotations

import ast
import functools
import sys
from abc import ABCMeta
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any

#: The dotted names of stubs that were touched, in order.
USES: list[str] = []
#: What a handler catches if it is there for a module that is missing.
MISSING = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


class StubUsedError(TypeError):
    """Code asked a stub for something that only the real thing could say."""


class StubType(ABCMeta):
    """The type of all stubs: they are classes, so that they can be derived from and stand in annotations."""

    are_true = False

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return stub(f"{cls.__stub__}.{name}")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        USES.append(cls.__stub__)
        if len(args) == 1 and not kwargs and isinstance(args[0], (FunctionType, type)):
            return args[0]
        return stub(f"{cls.__stub__}()")

    def __getitem__(cls, item: Any) -> Any:
        return stub(f"{cls.__stub__}[]")

    def __or__(cls, other: Any) -> Any:
        return stub(f"{cls.__stub__}|")

    __ror__ = __or__

    def __enter__(cls) -> Any:
        return stub(f"{cls.__stub__}()")

    def __exit__(cls, *raised: Any) -> None:
        return None

    def __bool__(cls) -> bool:
        if StubType.are_true:
            return True
        raise StubUsedError(f"{cls.__stub__} is a stub")

    def __iter__(cls) -> Iterator[Any]:
        raise StubUsedError(f"{cls.__stub__} is a stub")


class Stub(metaclass=StubType):
    """The base of all stubs."""

    __stub__ = "stub"


def stub(name: str) -> Any:
    """A stub of that dotted name."""
    USES.append(name)
    return StubType(name.rpartition(".")[2], (Stub,), {"__stub__": name})


class StubModule(ModuleType):
    """A module that has every attribute."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__version__":
            raise AttributeError(name)
        value = stub(f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class StubFinder(MetaPathFinder, Loader):
    """Finds what nobody else finds, for the code below one folder; put it last on ``sys.meta_path``."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._own = {path.stem for path in folder.iterdir()}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A stub for a missing module, or for what is below one."""
        top, _, below = name.partition(".")
        if below:
            wanted = isinstance(sys.modules.get(top), StubModule)
        else:
            wanted = top not in self._own and self._is_unguarded(sys._getframe(1))
        return ModuleSpec(name, self, is_package=True) if wanted else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """An empty stub module."""
        USES.append(spec.name)
        return StubModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""

    def _is_unguarded(self, frame: FrameType | None) -> bool:
        """Whether code of the folder imports it and nowhere up the stack would put up with a failure."""
        importer: str | None = None
        while frame is not None:
            module, file = frame.f_globals.get("__name__", ""), frame.f_code.co_filename
            if module == "importlib.util":
                return False
            if importer is None and module.partition(".")[0] != "importlib":
                importer = file
            if file.startswith(self._folder) and any(frame.f_lineno in at for at in guarded_lines(file)):
                return False
            frame = frame.f_back
        return importer is not None and importer.startswith(self._folder)


@functools.cache
def guarded_lines(file: str) -> tuple[range, ...]:
    """The lines of a file whose failing imports are caught there."""
    tree = ast.parse(Path(file).read_bytes())
    return tuple(
        range(node.body[0].lineno, (node.body[-1].end_lineno or 0) + 1)
        for node in ast.walk(tree)
        if isinstance(node, ast.Try) and any(map(_catches, node.handlers))
    )


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = (node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name))
    return not MISSING.isdisjoint(names)
