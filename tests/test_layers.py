"""The plan of the package: which room may know which, and how large rooms, files and classes may grow."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tie_lint"

ROOMS = (
    "compiled",
    "record",
    "errors",
    "cause",
    "finding",
    "settings",
    "python",
    "requirements",
    "library",
    "checkpoint",
    "edits",
    "interpreter",
    "intrinsics",
    "project",
    "tiemap",
    "loading",
    "remedies",
    "rules",
    "pipeline",
    "fix",
    "output",
    "api",
    "server",
    "cli",
    "flake8_plugin",
    "__main__",
)
"""From the bottom to the top: a room knows rooms that stand before it, and itself."""

LONGEST_FILE, LONGEST_CLASS, LARGEST_ROOM = 400, 250, 0.2


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name; a package's name stands for its ``__init__``."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def imported(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules of the package that a file imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: imports are absolute"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in known:
                    yield whole
                elif node.module in known:
                    yield node.module


@functools.cache
def graph() -> dict[str, set[str]]:
    known = modules()
    return {name: set(imported(path, known)) - {name} for name, path in known.items()}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def on_circles(edges: dict[str, set[str]]) -> set[str]:
    """The modules that lead back to themselves."""
    found: set[str] = set()
    for name in edges:
        reached: set[str] = set()
        todo = [name]
        while todo and name not in reached:
            new = edges[todo.pop()] - reached
            reached |= new
            todo.extend(new)
        if name in reached:
            found.add(name)
    return found


def test_modules_import_each_other_in_no_circle() -> None:
    assert on_circles(graph()) == set()


def test_a_room_imports_earlier_rooms_only() -> None:
    upward = {
        (name, used)
        for name, wanted in graph().items()
        for used in wanted
        if room(name) and room(used) and ROOMS.index(room(used)) > ROOMS.index(room(name))
    }
    assert upward == set()


def test_every_module_stands_in_a_room() -> None:
    assert {room(name) for name in modules() if room(name)} <= set(ROOMS)


def test_the_interpreter_knows_no_library() -> None:
    named = {
        path.name
        for path in (PACKAGE / "interpreter").rglob("*.py")
        if re.search("torch|transformers", path.read_text(encoding="utf-8"), re.IGNORECASE)
    }
    assert named == set()


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_room_holds_a_fifth_of_the_package() -> None:
    sizes: dict[str, int] = {}
    for name, path in modules().items():
        sizes[room(name)] = sizes.get(room(name), 0) + lines(path)
    whole = sum(sizes.values())
    assert {name: size for name, size in sizes.items() if size > LARGEST_ROOM * whole} == {}


def too_large() -> Iterator[str]:
    for path in modules().values():
        name = path.relative_to(PACKAGE).as_posix()
        if lines(path) > LONGEST_FILE:
            yield name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_CLASS:
                yield f"{name}:{node.name}"


def test_files_and_classes_stay_small() -> None:
    assert set(too_large()) == set()


def private(name: str) -> bool:
    """Whether a name is one's own affair; ``_replace`` and the like are a named tuple's public methods."""
    return bool(re.match("_[a-z]", name)) and not hasattr(NamedTuple("Any", []), name)


def reached_into(path: Path) -> Iterator[str]:
    """The private members and names of other files that a file uses."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    own |= {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("self", "cls")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and private(node.attr) and node.attr not in own:
            if ast.unparse(node) != "os._exit":  # which is public, whatever its name
                yield ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
            yield from (f"{node.module}.{alias.name}" for alias in node.names if private(alias.name))


def test_no_file_reaches_for_the_private_members_of_another() -> None:
    found = {name: set(reached_into(path)) for name, path in modules().items()}
    assert {name: used for name, used in found.items() if used} == {}
