"""Files and library as one namespace: from a name in a module to the class, function or value it means."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tie_lint.interpreter.base_values import UNBOUND, External, Value
from tie_lint.interpreter.letting_go import let_go
from tie_lint.interpreter.register import external_attribute
from tie_lint.intrinsics.transformers.availability import INSTALLED
from tie_lint.library.watched import NONE, Releases
from tie_lint.project.homes import Homes
from tie_lint.project.interpreter import ProjectInterpreter
from tie_lint.project.peers import Peers
from tie_lint.project.registering import Registries
from tie_lint.project.scope import UNREAD, Scope
from tie_lint.python.disk import Disk, below, dotted_name, folder_of, import_root, name_of
from tie_lint.python.outline import UnreadableSourceError

if TYPE_CHECKING:
    from tie_lint.library.index import Library


class Project:
    """The local files and one release of the library, as one namespace.

    ``tree`` is the folder of the library's own source, where that is what is linted. ``others`` are the other
    releases of the run: what is asked that they answer otherwise is noted.
    """

    def __init__(
        self,
        library: Library,
        disk: Disk | None = None,
        tree: str | None = None,
        others: Iterable[Library] = (),
    ) -> None:
        self.library, self.peers = library, Peers(library, others)
        self.closed = True
        """Whether the library's facts are complete: a name they lack does not exist."""
        self._modules: dict[str, Scope | None] = {}
        self._files: dict[str, Scope | None] = {}
        self._disk = disk or Disk()
        self._homes = Homes(library, self._disk, self._binds)
        self._homes.tree = tree
        self._texts: dict[str, str] = {}  # that were given for files
        self._under: dict[str, Project] = {}
        self.registries = Registries()
        self.asking: Scope | None = None
        """For whose sake modules are looked into at the moment."""
        self._dotted: set[str] = set()
        """The dotted names of the local files."""
        self.kept: dict[Any, Any] = {}
        """What was derived for the file that is asked about (:mod:`tie_lint.interpreter.caches`)."""
        self.changeable: list[tuple[Scope, str, Value | None]] = []
        self.interpreter = ProjectInterpreter(self, self.peers.contract())

    @property
    def release(self) -> str:
        """The release of the library. Whoever asks has an answer that holds for no other."""
        self.peers.unlike(self.peers.releases)
        return self.library.release

    def alike(self, path: Path) -> Releases:
        """Return the other releases for which what a file has to do with is the same."""
        if not self.peers.compared:
            return NONE
        noted = (scope.unlike for scope in reached(self.file(path)))
        return self.peers.compared.difference(self.peers.of_nobody, *noted)

    def under(self, release: str) -> Project:
        """Return the same files with another release of the library."""
        from tie_lint.library.index import library

        if release not in self._under:
            other = self._under[release] = Project(library(release), self._disk, self._homes.tree)
            for path, text in self._texts.items():
                other.file(Path(path), text)
        return self._under[release]

    def forget(self) -> None:
        """Start a new run with module-level values of local files as they were."""
        self.registries.begin()
        for scope, name, copy in self.changeable:
            scope.forget(name, copy)
        self.changeable.clear()

    @contextmanager
    def asked_by(self, scope: Scope) -> Iterator[None]:
        """What is looked into meanwhile is looked into for the sake of that module."""
        self._note(scope)
        before, self.asking = self.asking, scope
        try:
            with self.peers.looking_into(scope.unlike):
                yield
        finally:
            self.asking = before

    def judged(self, scope: Scope) -> None:
        """From now on a module's own classes are asked about."""
        self.asking, self.peers.of_module = scope, scope.unlike
        self.kept.clear()
        self.interpreter.twins.clear()
        self.interpreter.pending.clear()

    def let_go(self) -> None:
        """Hold no model any more, as nobody asks about them. Files stay known."""
        for project in (self, *self._under.values()):
            project.kept.clear()
            let_go(project.interpreter)

    def _note(self, scope: Scope | None) -> None:
        if self.asking is not None and scope is not None:
            self.asking.used.add(scope)

    def seen_from(self, path: Path) -> set[str]:
        """Return every file, there or not, that could have made a difference to what is known of a file."""
        return set[str]().union(*(scope.sought for scope in reached(self.file(path))))

    def known_from(self, path: Path) -> set[str]:
        """Return the same and the file itself where that was read; nothing where it was not."""
        name = str(path.absolute())
        if name not in self._files:
            return set()
        return {name} if self._files[name] is None else self.seen_from(path) | {name}

    def file(self, path: Path, text: str | None = None) -> Scope:
        """Return the module of a local file. Raises ``UnreadableSourceError`` or ``OSError``."""
        return self._file(str(path.absolute()), text)

    def _file(self, path: str, text: str | None = None) -> Scope:
        from tie_lint.python.source import source_module

        if path not in self._files:
            if text is not None:
                self._texts[path] = text
            facts = source_module(self._disk.text(path) if text is None else text)
            root, sought = import_root(path, self._disk)
            dotted = _unused(dotted_name(path, root), root, self._dotted)
            if self._homes.tree is None and dotted.startswith("transformers."):
                self._homes.tree = below(root, "transformers")
            found = Scope(self, dotted, facts, Path(path), path == below(folder_of(path), "__init__.py"))
            found.root, found.folder = root, folder_of(path)
            found.sought |= {path, *sought}
            self._files[path] = found
        scope = self._files[path]
        if scope is None:
            raise UnreadableSourceError("could not be read before")
        return scope

    def _local(self, path: str) -> Scope | None:
        """The module at ``path`` without its ending: a file or a package; None where there is none."""
        for candidate in (f"{path}.py", below(path, "__init__.py")):
            if self.asking is not None:
                self.asking.sought.add(candidate)
            if candidate in self._files or self._disk.is_file(candidate):
                return self._readable(candidate)
        return None

    def _readable(self, path: str) -> Scope | None:
        """The module of a file that is there; None where it cannot be read."""
        if path not in self._files:
            try:
                self._file(path)
            except (UnreadableSourceError, OSError):
                self._files[path] = None
        self._note(self._files[path])
        return self._files[path]

    def module(self, dotted: str) -> Scope | None:
        """Return a module of the library: of the linted tree where that is the library itself."""
        if self._homes.tree is not None and dotted.startswith("transformers."):
            found = self._local(below(self._homes.tree, *dotted.split(".")[1:]))
            if found is not None:
                return found
        if dotted not in self._modules:
            facts = self.library.module(dotted)
            package = self.library.is_package(dotted)
            self._modules[dotted] = None if facts is None else Scope(self, dotted, facts, None, package)
        self.peers.unlike(self.peers.unlike_in_module(dotted))
        self._note(self._modules[dotted])
        return self._modules[dotted]

    def imported_module(self, scope: Scope, module: str, level: int) -> Scope | External:
        """Return the module that an import statement in ``scope`` names."""
        if level and scope.path is not None:
            base = scope.folder
            for _ in range(level - 1):
                base = folder_of(base)
            found = self._local(below(base, *module.split("."))) if module else self.package(base)
            dotted = ".".join([*scope.dotted.split(".")[: -level or None], *filter(None, [module])])
            return found or self.module(dotted) or External(dotted)
        if level:
            parts = scope.dotted.split(".")
            parts = parts[: len(parts) - level + (1 if scope.package else 0)]
            dotted = ".".join([*parts, *filter(None, [module])])
            return self.module(dotted) or External(dotted)
        return self._absolute(scope, module) or External(module)

    def package(self, folder: str) -> Scope | None:
        """Return the ``__init__.py`` of a folder; None where there is none, or it cannot be read."""
        init = below(folder, "__init__.py")
        if self.asking is not None:
            self.asking.sought.add(init)
        return self._local(folder) if self._disk.is_file(init) else None

    def _absolute(self, scope: Scope, module: str) -> Scope | None:
        head = module.partition(".")[0]
        if scope.path is not None and head not in UNREAD:
            for root in _roots(scope, head):
                found = self._local(below(root, *module.split(".")))
                if found is not None:
                    return found
        return self.module(module)

    def can_import(self, scope: Scope, module: str) -> bool:
        """Return whether an absolute import finds something: here, in the library or in Python's own."""
        head = module.partition(".")[0]
        return head in sys.stdlib_module_names or self._absolute(scope, module) is not None

    def imported(self, scope: Scope, module: str, level: int, attribute: str | None) -> Value:
        """Return what an import statement in ``scope`` binds."""
        found = self.imported_module(scope, module, level)
        return found if attribute is None else self.attribute(found, attribute)

    def attribute(self, module: Scope | External, name: str) -> Value:
        """Return an attribute of a module."""
        if isinstance(module, External):
            return external_attribute(module.name, name)
        if (module.dotted, name) == ("transformers", "__version__"):
            return self.release
        found = module.lookup(name) if name in module.facts.names() else UNBOUND
        if found is UNBOUND:
            found = self.exported(module, name)
        if found is UNBOUND:
            found = self._submodule(module, name) or UNBOUND
        if found is UNBOUND:  # last, since following star imports may mean reading many files
            found = module.lookup(name)
        return External(f"{module.dotted}.{name}") if found is UNBOUND else found

    def _submodule(self, module: Scope, name: str) -> Scope | None:
        if not module.package:
            return None
        if module.path is not None:
            return self._local(below(module.folder, name))
        return self.module(f"{module.dotted}.{name}")

    def exported(self, module: Scope, name: str) -> Value:
        """Return what a lazy package of the library hands out under a name; ``UNBOUND`` where it has none."""
        if not module.package or module.dotted.partition(".")[0] != "transformers":
            return UNBOUND
        return self.exported_from(module.dotted, name)

    def library_value(self, module: str, name: str) -> Value:
        """Return a module-level name of one of the library's modules; ``UNBOUND`` where there is none."""
        scope = self.module(module)
        return UNBOUND if scope is None else scope.lookup(name)

    def exported_from(self, package: str, name: str) -> Value:
        """Return a name that a package of the library exports; ``UNBOUND`` where there is none."""
        home = self._homes.find(package, name, set() if self.asking is None else self.asking.sought)
        self.peers.unlike(
            self.peers.unlike_in_home(
                package, name, home, lambda listed: self._homes.by(listed, package, name, set())
            )
        )
        return self.library_value(home, name) if home else UNBOUND

    def _binds(self, dotted: str, name: str) -> bool:
        """Whether a module of the linted tree binds a name."""
        scope = self.module(dotted)
        return scope is not None and scope.path is not None and name in scope.facts.names()


def reached(scope: Scope) -> set[Scope]:
    """Return a module and all that were looked into for its sake."""
    found, todo = {scope}, [scope]
    while todo:
        new = todo.pop().used - found
        found |= new
        todo.extend(new)
    return found


def _unused(dotted: str, root: str, used: set[str]) -> str:
    """The dotted name, longer by folders where folders without ``__init__.py`` hold files of one name. From
    now on it is used."""
    while dotted in used and folder_of(root) != root:
        dotted, root = f"{name_of(root)}.{dotted}", folder_of(root)
    used.add(dotted)
    return dotted


def _roots(scope: Scope, package: str) -> Iterator[str]:
    """The folders where a file's import of a package may find it.

    A package that the file is in is found though a folder between them lacks an ``__init__.py``, and though
    the folder that it is in has one.
    """
    yield scope.root
    folder = scope.folder
    if package in INSTALLED or package in sys.stdlib_module_names:
        return
    while folder_of(folder) != folder:
        if name_of(folder) == package:
            yield folder_of(folder)
        folder = folder_of(folder)
