"""Files and library as one namespace: from a name in a module to the class, function or value it means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tie_lint.library.contract import contract_of
from tie_lint.model.classes import Class
from tie_lint.model.copies import LASTING, UncopyableError, same, twin
from tie_lint.model.decorators import decorated
from tie_lint.model.natives import library_function
from tie_lint.model.values import UNBOUND, Env, External, Function, Unknown, Value
from tie_lint.python.facts import Binding, Expr, Guard, ModuleFacts
from tie_lint.python.outline import UnreadableSourceError, decode

if TYPE_CHECKING:
    from tie_lint.library.index import Library
    from tie_lint.model.interpreter import Interpreter

_INSTALLED = frozenset({"torch", "transformers", "numpy", "huggingface_hub", "safetensors", "tokenizers"})
"""Third-party packages that a model file can count on. Others are taken as absent where the code itself
provides for their absence (``try: import … except ImportError``)."""


class Scope:
    """One module: its facts and the values of its module-level names, found when asked for."""

    def __init__(
        self, project: Project, dotted: str, facts: ModuleFacts, path: Path | None, package: bool
    ) -> None:
        self.project, self.dotted, self.facts = project, dotted, facts
        self.path, self.package = path, package
        self.classes: dict[str, Class] = {}
        self._values: dict[str, Value] = {}
        self._kept: dict[str, tuple[Value, Value]] = {}
        """Values that an earlier run may have changed, each with its copy from before."""
        self._pending: dict[str, int] = {}
        self._searching: set[str] = set()

    def lookup(self, name: str) -> Value:
        """What a module-level name means; ``UNBOUND`` when the module does not bind it."""
        if name in self._values:
            return self._values[name]
        if name in self._kept and (kept := self._unchanged(name)) is not None:
            return kept
        bindings = self.facts.bindings(name)
        if name in self._pending:  # `X = wrap(X)`: inside, the name means what it meant before
            return self._bound(bindings[: self._pending[name]], name)
        if name in self._searching:  # modules that import it from each other
            return UNBOUND
        self._searching.add(name)
        try:
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
        if not same(value, copy):
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
            return self.class_(binding.detail)
        if binding.kind == "def":
            native = library_function(f"{self.dotted}.{name}")
            if native is not None:
                return native
            facts = self.facts.function_facts(binding.detail)
            if facts is None:
                return Unknown(f"{self.dotted}.{name} was left out")
            run, function = self.project.interpreter, Function(facts, self)
            return run.guarded(lambda: decorated(run, function)) if facts.decorators else function
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
            if guard[0] == "if":
                truth = self.truth(guard[1])
                holds = None if truth is None else truth == guard[2]
            else:
                fails = any(self.import_fails(*wanted) for wanted in guard[1])
                holds = fails == (guard[0] == "except")
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
        if test == ["name", "TYPE_CHECKING"] or test[-1] == "TYPE_CHECKING":
            return (
                True  # what is imported for the type checker is the same thing that is imported at run time
            )
        return self.project.interpreter.condition(test, self)

    def class_(self, key: str) -> Class:
        """The class of a key of the module's table."""
        if key not in self.classes:
            facts = self.facts.class_facts(key)
            env = Env({}, self)
            bases = [self.project.interpreter.base_class(base, env) for base in facts.bases]
            if key not in self.classes:
                self.classes[key] = Class(self, facts, bases)
                self._patch(key, facts.name)
        return self.classes[key]

    def _patch(self, key: str, name: str) -> None:
        """Run the module's statements that change a class after its definition: ``Model.name = …``."""
        bindings = self.facts.bindings(name)
        places = [i for i, one in enumerate(bindings) if one.kind == "class" and one.detail == key]
        for later in bindings[places[0] + 1 :] if places else ():
            if later.kind == "update" and self._holds(later.guards) is not False:
                self.project.interpreter.update(later.detail, Env({name: self.classes[key]}, self))

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
    """The local files and one release of the library, as one namespace."""

    def __init__(self, library: Library) -> None:
        from tie_lint.model.interpreter import Interpreter

        self.library = library
        self.contract = contract_of(library.release)
        self.closed = True
        """Whether the library's facts are complete: a name they lack does not exist."""
        self._modules: dict[str, Scope | None] = {}
        self._files: dict[Path, Scope | None] = {}
        self._dotted: set[str] = set()
        """The dotted names of the local files."""
        self._tree: Path | None = None
        """The folder of the library's own source, where its files are among the linted ones."""
        self.changeable: list[tuple[Scope, str, Value | None]] = []
        """The module-level values of local files that a run may have changed since it began, with copies
        from before; None for what cannot be copied."""
        self.interpreter: Interpreter = Interpreter(self)

    def forget(self) -> None:
        """Start a new run with module-level values of local files as they were."""
        for scope, name, copy in self.changeable:
            scope.forget(name, copy)
        self.changeable.clear()

    def file(self, path: Path, text: str | None = None) -> Scope:
        """The module of a local file. Raises ``UnreadableSourceError`` or ``OSError``."""
        from tie_lint.python.source import source_module

        path = path.absolute()
        if path not in self._files:
            facts = source_module(decode(path.read_bytes()) if text is None else text)
            dotted = self._unused(_dotted(path), _import_root(path))
            if dotted.startswith("transformers."):
                self._tree = _import_root(path) / "transformers"
            self._files[path] = Scope(self, dotted, facts, path, path.name == "__init__.py")
        scope = self._files[path]
        if scope is None:
            raise UnreadableSourceError("could not be read before")
        return scope

    def _unused(self, dotted: str, root: Path) -> str:
        """The dotted name, longer by folders where folders without ``__init__.py`` hold files of one name."""
        while dotted in self._dotted and root.name:
            dotted, root = f"{root.name}.{dotted}", root.parent
        self._dotted.add(dotted)
        return dotted

    def _local(self, path: Path) -> Scope | None:
        """The module at ``path`` without its ending: a file or a package; None where there is none."""
        for candidate in (path.with_name(path.name + ".py"), path / "__init__.py"):
            if candidate in self._files:
                return self._files[candidate]
            if candidate.is_file():
                try:
                    return self.file(candidate)
                except (UnreadableSourceError, OSError):
                    self._files[candidate] = None
                    return None
        return None

    def module(self, dotted: str) -> Scope | None:
        """A module of the library: of the linted tree where that is the library itself."""
        if self._tree is not None and dotted.startswith("transformers."):
            found = self._local(self._tree.joinpath(*dotted.split(".")[1:]))
            if found is not None:
                return found
        if dotted not in self._modules:
            facts = self.library.module(dotted)
            package = self.library.is_package(dotted)
            self._modules[dotted] = None if facts is None else Scope(self, dotted, facts, None, package)
        return self._modules[dotted]

    def imported_module(self, scope: Scope, module: str, level: int) -> Scope | External:
        """The module that an import statement in ``scope`` names."""
        if level and scope.path is not None:
            base = scope.path.parent
            for _ in range(level - 1):
                base = base.parent
            found = self._local(base.joinpath(*module.split("."))) if module else self._local_package(base)
            dotted = ".".join([*scope.dotted.split(".")[: -level or None], *filter(None, [module])])
            return found or self.module(dotted) or External(dotted)
        if level:
            parts = scope.dotted.split(".")
            parts = parts[: len(parts) - level + (1 if scope.package else 0)]
            dotted = ".".join([*parts, *filter(None, [module])])
            return self.module(dotted) or External(dotted)
        return self._absolute(scope, module) or External(module)

    def _local_package(self, folder: Path) -> Scope | None:
        init = folder / "__init__.py"
        return self._local(folder) if init.is_file() else None

    def _absolute(self, scope: Scope, module: str) -> Scope | None:
        if scope.path is not None:
            for root in dict.fromkeys(_roots(scope.path, module.partition(".")[0])):
                found = self._local(root.joinpath(*module.split(".")))
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
            return self._local(module.path.parent / name)
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


def _copy(value: Value) -> Value | None:
    if isinstance(value, Unknown):
        return None
    try:
        return twin(value, {})
    except UncopyableError:
        return None


def _roots(path: Path, package: str) -> Iterator[Path]:
    """The folders where a file's import of a package may find it.

    A package that the file is in is found though a folder between them lacks an ``__init__.py``.
    """
    root = _import_root(path)
    yield from (root, path.parent)
    if package not in _INSTALLED:
        yield from (folder.parent for folder in (root, *root.parents) if folder.name == package)


def _import_root(path: Path) -> Path:
    """The folder that absolute imports of a file start from: above its outermost package."""
    folder = path.parent
    while (folder / "__init__.py").is_file() and folder.parent != folder:
        folder = folder.parent
    return folder


def _dotted(path: Path) -> str:
    relative = path.relative_to(_import_root(path)).with_suffix("")
    parts: list[Any] = list(relative.parts)
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    return ".".join(parts)
