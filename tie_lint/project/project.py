"""Files and library as one namespace: from a name in a module to the class, function or value it means."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tie_lint.interpreter.attributes import READERS
from tie_lint.interpreter.base_values import UNBOUND, External, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.decorators import decorated
from tie_lint.interpreter.register import replacement
from tie_lint.interpreter.snapshot import LASTING, UncopyableError, copy_of, unchanged
from tie_lint.interpreter.values import Env, Function
from tie_lint.project.interpreter import ProjectInterpreter
from tie_lint.python.disk import Disk, below, dotted_name, folder_of, import_root, name_of
from tie_lint.python.facts import Binding, ExceptGuard, Guard, IfGuard, ModuleFacts, TryGuard
from tie_lint.python.nodes import Expr
from tie_lint.python.outline import UnreadableSourceError
from tie_lint.python.walk import last_name

if TYPE_CHECKING:
    from tie_lint.library.index import Library

_UNREAD = frozenset(
    {"torch", "numpy", "huggingface_hub", "safetensors", "tokenizers", "packaging", "typing_extensions"}
)
"""Third-party packages that a model file can count on, and whose files are not looked into where they lie
beside it (in ``site-packages``): what the run knows of them it knows by their names."""
_INSTALLED = _UNREAD | {"transformers"}
"""What a model file can count on. Other packages are taken as absent where the code itself provides for
their absence (``try: import … except ImportError``)."""


class Scope:
    """One module: its facts and the values of its module-level names, found when asked for."""

    def __init__(
        self, project: Project, dotted: str, facts: ModuleFacts, path: Path | None, package: bool
    ) -> None:
        self.project, self.dotted, self.facts = project, dotted, facts
        self.path, self.package = path, package
        self.root = self.folder = ""
        """For a local file: where absolute imports start from, and where the file is."""
        self._classes: dict[str, Class] = {}
        self._values: dict[str, Value] = {}
        self._kept: dict[str, tuple[Value, Value]] = {}
        """Values that an earlier run may have changed, each with its copy from before."""
        self._pending: dict[str, int] = {}
        self._searching: set[str] = set()
        self._making: set[str] = set()
        self.used: set[Scope] = set()
        """The modules that were looked into for the sake of this one."""
        self.sought: set[str] = set()
        """The files that were looked for for the sake of this one, there or not."""

    def lookup(self, name: str) -> Value:
        """What a module-level name means; ``UNBOUND`` when the module does not bind it."""
        if name in self._values:
            return self._values[name]
        if name in self._kept and (kept := self._unchanged(name)) is not None:
            return kept
        bindings = self.facts.bindings(name)
        if not bindings and not self.facts.stars():
            return UNBOUND  # a built-in, mostly
        if name in self._pending:  # `X = wrap(X)`: inside, the name means what it meant before
            return self._bound(bindings[: self._pending[name]], name)
        if name in self._searching:  # modules that import it from each other
            return UNBOUND
        self._searching.add(name)
        try:
            with self.project.asked_by(self):
                value = self._bound(bindings, name)
                if value is UNBOUND:
                    value = self._from_star(name)
        finally:
            self._searching.discard(name)
        if value is not UNBOUND:
            self._values[name] = value
            if self.path is not None and type(value) not in _LASTING:
                self.project.changeable.append((self, name, _copy(value)))
        return value

    def _unchanged(self, name: str) -> Value | None:
        """A value of an earlier run, unless that changed it."""
        value, copy = self._kept.pop(name)
        if not unchanged(value, copy):
            return None
        self._values[name] = value
        self.project.changeable.append((self, name, copy))
        return value

    def _bound(self, bindings: list[Binding], name: str) -> Value:
        for index in range(len(bindings) - 1, -1, -1):
            binding = bindings[index]
            if binding.kind == "update" or self._holds(binding.guards) is False:
                continue
            if any(earlier.kind != "update" for earlier in bindings[:index]) and (
                self._holds(binding.guards) is None
            ):
                return Unknown(f"which {name} is meant", module=True)
            value = self._value(binding, name, index)
            for later in bindings[index + 1 :]:
                if later.kind == "update" and self._holds(later.guards) and binding.kind != "class":
                    self.project.interpreter.update(later.detail, Env({name: value}, self))
            return value
        return UNBOUND

    def _value(self, binding: Binding, name: str, index: int) -> Value:
        if binding.kind == "import":
            module, level, attribute = binding.detail
            return self.project.imported(self, module, level, attribute)
        if binding.kind == "class":
            if binding.detail in self._making:
                return UNBOUND  # a class among its own bases
            return self.class_(binding.detail)
        if binding.kind == "def":
            native = replacement(f"{self.dotted}.{name}") if self.dotted.startswith("transformers.") else None
            if native is not None:
                return native
            facts = self.facts.function_facts(binding.detail)
            if facts is None:
                return Unknown(f"{self.dotted}.{name} was left out")
            interp, function = self.project.interpreter, Function(facts, self)
            return interp.guarded(lambda: decorated(interp, function)) if facts.decorators else function
        before = self._pending.get(name)
        self._pending[name] = index
        try:
            return self.project.interpreter.module_value(binding.detail, name, self)
        finally:
            if before is None:
                del self._pending[name]
            else:
                self._pending[name] = before

    def _holds(self, guards: list[Guard]) -> bool | None:
        """Whether the conditions around a binding hold; None where one is unknown."""
        answer: bool | None = True
        for guard in guards:
            holds: bool | None = None
            match guard:
                case IfGuard(test, wanted):
                    truth = self.truth(test)
                    holds = None if truth is None else truth == wanted
                case TryGuard(imports) | ExceptGuard(imports):
                    fails = any(self.import_fails(*found) for found in imports)
                    holds = fails == isinstance(guard, ExceptGuard)
            if holds is False:
                return False
            answer = answer if holds else None
        return answer

    def import_fails(self, module: str, level: int, attribute: str | None) -> bool:
        """Whether an import that the code itself provides for the failure of is taken to fail."""
        if level or module.partition(".")[0] in _INSTALLED:
            value = self.project.imported(self, module, level, attribute)
            return (
                isinstance(value, External) and value.name.startswith("transformers.") and self.project.closed
            )
        return not self.project.can_import(self, module)

    def truth(self, test: Expr) -> bool | None:
        """The truth of a module-level condition; None where it cannot be known."""
        if last_name(test) == "TYPE_CHECKING":
            return (
                True  # what is imported for the type checker is the same thing that is imported at run time
            )
        with self.project.asked_by(self):
            return self.project.interpreter.condition(test, self)

    def classes(self) -> Iterator[Class]:
        """Yield the module's classes in source order, those in its branches included."""
        return map(self.class_, self.facts.class_keys())

    def class_(self, key: str) -> Class:
        """The class of a key of the module's table."""
        if key not in self._classes:
            facts = self.facts.class_facts(key)
            env = Env({}, self)
            self._making.add(key)
            try:
                with self.project.asked_by(self):
                    bases = [self.project.interpreter.base_class(base, env) for base in facts.bases]
            finally:
                self._making.discard(key)
            if key not in self._classes:
                self._classes[key] = Class(self, facts, bases)
                self._patch(key, facts.name)
        return self._classes[key]

    def _patch(self, key: str, name: str) -> None:
        """Run the module's statements that change a class after its definition: ``Model.name = …``."""
        bindings = self.facts.bindings(name)
        places = [i for i, one in enumerate(bindings) if one.kind == "class" and one.detail == key]
        for later in bindings[places[0] + 1 :] if places else ():
            if later.kind == "update" and self._holds(later.guards) is not False:
                self.project.interpreter.update(later.detail, Env({name: self._classes[key]}, self))

    def forget(self, name: str, copy: Value | None) -> None:
        """Look the name up afresh when it is next asked for, unless its value still is what its copy is."""
        value = self._values.pop(name, None)
        if value is not None and copy is not None:
            self._kept[name] = value, copy

    def _from_star(self, name: str) -> Value:
        if name.startswith("__"):
            return UNBOUND
        listed = self.project.exported(self, name) if self.facts.stars() else UNBOUND
        if listed is not UNBOUND:
            return listed
        for module, level in reversed(self.facts.stars()):
            scope = self.project.imported_module(self, module, level)
            if isinstance(scope, Scope) and scope is not self:
                value = scope.lookup(name)
                if value is not UNBOUND:
                    return value
        return UNBOUND


class Project:
    """The local files and one release of the library, as one namespace.

    ``tree`` is the folder of the library's own source, where that is what is linted.
    """

    def __init__(self, library: Library, disk: Disk | None = None, tree: str | None = None) -> None:

        self.library, self.release = library, library.release
        self.closed = True
        """Whether the library's facts are complete: a name they lack does not exist."""
        self._modules: dict[str, Scope | None] = {}
        self._files: dict[str, Scope | None] = {}
        self._disk, self._tree = disk or Disk(), tree
        self._texts: dict[str, str] = {}
        """The texts that were given for files."""
        self._under: dict[str, Project] = {}
        self._asking: Scope | None = None
        """For whose sake modules are looked into at the moment."""
        self._dotted: set[str] = set()
        """The dotted names of the local files."""
        self.kept: dict[Any, Any] = {}
        """What was derived for the file that is asked about (:mod:`tie_lint.interpreter.caches`)."""
        self.changeable: list[tuple[Scope, str, Value | None]] = []
        """The module-level values of local files that a run may have changed since it began, with copies
        from before; None for what cannot be copied."""
        self.interpreter = ProjectInterpreter(self)

    def under(self, release: str) -> Project:
        """Return the same files with another release of the library."""
        from tie_lint.library.index import library

        if release not in self._under:
            other = self._under[release] = Project(library(release), self._disk, self._tree)
            for path, text in self._texts.items():
                other.file(Path(path), text)
        return self._under[release]

    def forget(self) -> None:
        """Start a new run with module-level values of local files as they were."""
        for scope, name, copy in self.changeable:
            scope.forget(name, copy)
        self.changeable.clear()

    @contextmanager
    def asked_by(self, scope: Scope) -> Iterator[None]:
        """What is looked into meanwhile is looked into for the sake of that module."""
        before = self._asking
        self._note(scope)
        self._asking = scope
        try:
            yield
        finally:
            self._asking = before

    def judged(self, scope: Scope) -> None:
        """From now on a module's own classes are asked about."""
        self._asking = scope
        self.kept.clear()

    def _note(self, scope: Scope | None) -> None:
        if self._asking is not None and scope is not None:
            self._asking.used.add(scope)

    def seen_from(self, path: Path) -> set[str]:
        """Every file, there or not, that could have made a difference to what is known of a file."""
        scope = self.file(path)
        reached, todo, seen = {scope}, [scope], set(scope.sought)
        while todo:
            found = todo.pop().used - reached
            reached |= found
            todo.extend(found)
            for item in found:
                seen |= item.sought
        return seen

    def file(self, path: Path, text: str | None = None) -> Scope:
        """The module of a local file. Raises ``UnreadableSourceError`` or ``OSError``."""
        return self._file(str(path.absolute()), text)

    def _file(self, path: str, text: str | None = None) -> Scope:
        from tie_lint.python.source import source_module

        if path not in self._files:
            if text is not None:
                self._texts[path] = text
            facts = source_module(self._disk.text(path) if text is None else text)
            root, sought = import_root(path, self._disk)
            dotted = self._unused(dotted_name(path, root), root)
            if self._tree is None and dotted.startswith("transformers."):
                self._tree = below(root, "transformers")
            found = Scope(self, dotted, facts, Path(path), path == below(folder_of(path), "__init__.py"))
            found.root, found.folder = root, folder_of(path)
            found.sought |= {path, *sought}
            self._files[path] = found
        scope = self._files[path]
        if scope is None:
            raise UnreadableSourceError("could not be read before")
        return scope

    def _unused(self, dotted: str, root: str) -> str:
        """The dotted name, longer by folders where folders without ``__init__.py`` hold files of one name."""
        while dotted in self._dotted and folder_of(root) != root:
            dotted, root = f"{name_of(root)}.{dotted}", folder_of(root)
        self._dotted.add(dotted)
        return dotted

    def _local(self, path: str) -> Scope | None:
        """The module at ``path`` without its ending: a file or a package; None where there is none."""
        for candidate in (f"{path}.py", below(path, "__init__.py")):
            if self._asking is not None:
                self._asking.sought.add(candidate)
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
        """A module of the library: of the linted tree where that is the library itself."""
        if self._tree is not None and dotted.startswith("transformers."):
            found = self._local(below(self._tree, *dotted.split(".")[1:]))
            if found is not None:
                return found
        if dotted not in self._modules:
            facts = self.library.module(dotted)
            package = self.library.is_package(dotted)
            self._modules[dotted] = None if facts is None else Scope(self, dotted, facts, None, package)
        self._note(self._modules[dotted])
        return self._modules[dotted]

    def imported_module(self, scope: Scope, module: str, level: int) -> Scope | External:
        """The module that an import statement in ``scope`` names."""
        if level and scope.path is not None:
            base = scope.folder
            for _ in range(level - 1):
                base = folder_of(base)
            found = self._local(below(base, *module.split("."))) if module else self._package(base)
            dotted = ".".join([*scope.dotted.split(".")[: -level or None], *filter(None, [module])])
            return found or self.module(dotted) or External(dotted)
        if level:
            parts = scope.dotted.split(".")
            parts = parts[: len(parts) - level + (1 if scope.package else 0)]
            dotted = ".".join([*parts, *filter(None, [module])])
            return self.module(dotted) or External(dotted)
        return self._absolute(scope, module) or External(module)

    def _package(self, folder: str) -> Scope | None:
        init = below(folder, "__init__.py")
        if self._asking is not None:
            self._asking.sought.add(init)
        return self._local(folder) if self._disk.is_file(init) else None

    def _absolute(self, scope: Scope, module: str) -> Scope | None:
        head = module.partition(".")[0]
        if scope.path is not None and head not in _UNREAD:
            for root in _roots(scope, head):
                found = self._local(below(root, *module.split(".")))
                if found is not None:
                    return found
        return self.module(module)

    def can_import(self, scope: Scope, module: str) -> bool:
        """Whether an absolute import finds something: here, in the library or in the standard library."""
        import sys

        head = module.partition(".")[0]
        return head in sys.stdlib_module_names or self._absolute(scope, module) is not None

    def imported(self, scope: Scope, module: str, level: int, attribute: str | None) -> Value:
        """What an import statement in ``scope`` binds."""
        found = self.imported_module(scope, module, level)
        return found if attribute is None else self.attribute(found, attribute)

    def attribute(self, module: Scope | External, name: str) -> Value:
        """An attribute of a module."""
        if isinstance(module, External):
            return External(f"{module.name}.{name}")
        if (module.dotted, name) == ("transformers", "__version__"):
            return self.library.release
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
        """A name that a lazy package ``__init__`` of the library hands out; ``UNBOUND`` where there is none.

        Where the library's own source is linted the table of its release still says where to look first:
        following ``from .albert import *`` and 500 others would read every file.
        """
        if not module.package or module.dotted.partition(".")[0] != "transformers":
            return UNBOUND
        home = (
            self.library.exported(name)
            if module.dotted == "transformers"
            else self.library.exported_from(module.dotted, name)
        )
        scope = self.module(home) if home else None
        return scope.lookup(name) if scope is not None else UNBOUND

    def library_value(self, module: str, name: str) -> Value:
        """A module-level name of one of the library's modules; ``UNBOUND`` where there is none."""
        scope = self.module(module)
        return UNBOUND if scope is None else scope.lookup(name)

    def exported_from(self, package: str, name: str) -> Value:
        """A name that a package of the library exports; ``UNBOUND`` where there is none."""
        home = self.library.exported_from(package, name)
        return self.library_value(home, name) if home else UNBOUND


_LASTING = LASTING - {Unknown} | {Scope}
"""The types of module-level values that are found once; what is unknown may be known to a later run."""


READERS[Scope] = lambda interp, scope, name: scope.project.attribute(scope, name)


def _copy(value: Value) -> Value | None:
    if isinstance(value, Unknown):
        return None
    try:
        return copy_of(value, {})
    except UncopyableError:
        return None


def _roots(scope: Scope, package: str) -> Iterator[str]:
    """The folders where a file's import of a package may find it.

    A package that the file is in is found though a folder between them lacks an ``__init__.py``.
    """
    yield scope.root
    folder = scope.root
    while package not in _INSTALLED and folder_of(folder) != folder:
        if name_of(folder) == package:
            yield folder_of(folder)
        folder = folder_of(folder)
