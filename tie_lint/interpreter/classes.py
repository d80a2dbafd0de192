"""Classes of linted or library code: their bases, MRO and own attributes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from tie_lint.interpreter.base_values import External, Unknown
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.namespace import Namespace
from tie_lint.interpreter.roots import ATTRIBUTE_DICTS, READ_PACKAGES, ROOTS, bases_of
from tie_lint.python.facts import ClassFacts
from tie_lint.python.nodes import Expr, Keyword, List, Name, Tuple
from tie_lint.python.statements import (
    AnnAssign,
    Assign,
    ClassDef,
    Def,
    For,
    FunctionFacts,
    If,
    Match,
    OpaqueStmt,
    Stmt,
    Try,
    TypeAliasStmt,
    While,
    With,
)
from tie_lint.python.walk import assigned_names, last_name
from tie_lint.record import Data


class Attribute(Data):
    """A class-level attribute as its source has it."""

    kind: str
    """"value", "method", "unknown", "given" (set from outside), "class" (inside it) or "bare" (an annotation
    without a value)."""
    value: Any
    """The expression of a value, the facts of a method, or the value that was given."""
    annotation: Expr | None = None
    at: Any = None


class Class:
    """A class whose source is known.

    ``name`` is the dotted name that identifies it; two classes are one only if they come from one place.
    """

    def __init__(self, scope: Namespace, facts: ClassFacts, bases: list[Any]) -> None:
        self.scope, self.facts, self.bases = scope, facts, bases
        self.name = f"{scope.dotted}.{facts.name}"
        self.mro: list[Class | External] = _linearize(self)
        self.unread: list[str] = []
        """Statements of the class's body that are not understood, and may define anything."""
        self._own: dict[str, Attribute] | None = None
        self._goes_on_at: int | None = None
        reached = {item.name for item in self.mro if item.name in ROOTS}
        self.roots = tuple(ROOTS[name] for name in ROOTS if name in reached)
        """What it is by the classes of libraries that its MRO reaches."""
        kinds = {root.kind for root in self.roots}
        self.is_model = "model" in kinds
        """Whether it is a model: its MRO reaches the library's own base model."""
        self.is_module = self.is_model or "module" in kinds
        """Whether it is an ``nn.Module``: models are, even where a stub stands for the library."""
        self.is_config = "config" in kinds
        """Whether it is a config: its MRO reaches the library's own base config."""
        self.closure: Any = None
        """The names around a class that is defined inside a function or another class."""
        self.kept: dict[Any, Any] = {}
        """What has been derived from the class alone, not from a run (:mod:`tie_lint.interpreter.caches`)."""
        self.given: dict[str, tuple[Any, Any] | None] = {}
        """What the MRO gives under a name (``objects.lookup``), for the names that were asked for."""

    def __repr__(self) -> str:
        return f"<class {self.name}>"

    @property
    def leaf(self) -> str:
        """The class's name as its source writes it."""
        return self.facts.name

    @property
    def goes_on_at(self) -> int:
        """Where in the MRO the first class stands whose own MRO is the rest of it; the length if none does.

        What is known of that class need not be looked for again: with one base it is the base, in a diamond
        the class at the bottom of it.
        """
        if self._goes_on_at is None:
            self._goes_on_at = self._find_goes_on_at()
        return self._goes_on_at

    def _find_goes_on_at(self) -> int:
        if len(self.bases) == 1:
            return 1
        length, items = len(self.mro), enumerate(self.mro[1:], start=1)
        longest = (
            (at, item) for at, item in items if isinstance(item, Class) and len(item.mro) == length - at
        )
        return next((at for at, item in longest if item.mro == self.mro[at:]), length)

    @property
    def goes_on_as(self) -> Class | None:
        """The class at that place; None where there is none, or it is no class that is read."""
        item = self.mro[self.goes_on_at] if self.goes_on_at < len(self.mro) else None
        return item if isinstance(item, Class) else None

    @property
    def names(self) -> frozenset[str]:
        """The names of all classes of the MRO."""
        return _NAMES.of(self, lambda: frozenset(item.name for item in self.mro))

    def foreign_bases(self) -> Iterator[str]:
        """Return bases that could define anything: unresolved, or from a package that is not read."""
        chain: list[Class] = []
        cls: Class | None = self
        while cls is not None and _FOREIGN.get(cls) is None:
            chain.append(cls)
            cls = cls.goes_on_as
        for cls in reversed(chain):
            base = cls.goes_on_as
            inherited = None if base is None else _FOREIGN.get(base)
            own = cls.mro[: cls.goes_on_at] if inherited is not None else cls.mro
            _FOREIGN.put(cls, (*_foreign_bases(own), *(inherited or ())))
        return iter(_FOREIGN.get(self) or ())

    def own(self) -> dict[str, Attribute]:
        """Return the attributes that the class's own body gives, methods included."""
        if self._own is None:
            self._own = {}
            for name in self.facts.method_names():
                self._own[name] = Attribute("method", None)
            self._collect(self.facts.body)
            self._own.update({name: Attribute("method", None) for name in self._redefined()})
        return self._own

    def _redefined(self) -> list[str]:
        """The methods (properties) that come after an attribute of the same name, and so take its place."""
        assert self._own is not None
        both = [(name, self._own[name].at) for name in self.facts.method_names()]
        found = [(name, at, self.facts.method(name)) for name, at in both if at is not None]
        return [name for name, at, facts in found if facts is not None and facts.at > at]

    def _collect(self, body: list[Stmt]) -> None:
        assert self._own is not None
        for stmt in body:
            match stmt:
                case Assign(at, targets, value):
                    for target in targets:
                        self._assign(target, value, at)
                case AnnAssign(at, Name(name), annotation, value):
                    kind = "bare" if value is None else "value"
                    self._own[name] = Attribute(kind, value, annotation, at)
                case Def(at, function):
                    self._own[function.name] = Attribute("method", function, None, at)
                case If(_, test, then, otherwise):
                    wanted = self.scope.truth(test)
                    if wanted is None:
                        self._havoc([*then, *otherwise])
                    else:
                        self._collect(then if wanted else otherwise)
                case Try(_, then, _, orelse, final):
                    self._collect([*then, *orelse, *final])
                case ClassDef(at, name):
                    self._own[name] = Attribute("class", stmt, None, at)
                case For() | While() | With() | Match() | TypeAliasStmt():
                    self._havoc([stmt])
                case OpaqueStmt(_, what):
                    self.unread.append(f"{what} in {self.leaf}")

    def _assign(self, target: Expr, value: Expr, at: Any) -> None:
        assert self._own is not None
        if isinstance(target, Name):
            self._own[target.name] = Attribute("value", value, None, at)
        elif isinstance(target, (Tuple, List)):
            for item in target.items:
                if isinstance(item, Name):
                    self._own[item.name] = Attribute("unknown", None, None, at)

    def _havoc(self, body: list[Stmt]) -> None:
        assert self._own is not None
        for name, at in assigned_names(body):
            self._own[name] = Attribute("unknown", None, None, at)

    def find(self, name: str, after: Class | None = None) -> tuple[Class | External, Attribute] | None:
        """Return the first class of the MRO (after ``after``) whose body gives the attribute.

        An annotation without a value does not count. An external base never answers: what it may give is
        for the caller to ask.
        """
        mro: list[Class | External] = self.mro
        if after is not None:
            mro = mro[mro.index(after) + 1 :] if after in mro else []
        for item in mro:
            if isinstance(item, Class):
                found = item.own().get(name)
                if found is not None and found.kind != "bare":
                    return item, found
        return None

    def method(self, name: str) -> FunctionFacts | None:
        """Return the facts of a method of the class's own body; None where they were left out."""
        found = self.own().get(name)
        if found is not None and isinstance(found.value, FunctionFacts):
            return found.value
        return self.facts.method(name)


T = TypeVar("T")


def inherited(cache: Cache[T | None], cls: Class, given: Callable[[Class], T | None]) -> T | None:
    """Return what the first class of the MRO gives that gives something, and keep it.

    What is known of a base is not looked for again: a chain of classes costs no more than its length.
    """
    alike: list[Class] = []  # their MRO goes on as that of the class does
    base: Class | None = cls
    found: T | None = None
    for item in cls.mro:
        if not isinstance(item, Class):
            continue
        if item is base and cache in item.kept:
            found = cache.get(item)
            break
        if item is base:
            alike.append(item)
            base = item.goes_on_as
        found = given(item)
        if found is not None:
            break
    for item in alike:
        cache.put(item, found)
    return found


def may_register(cls: Class) -> bool:
    """Return whether a class may be told of others: an ordinary one, or one that says so."""
    says_so = any("regist" in name or name == "__init_subclass__" for name in cls.facts.method_names())
    return says_so or not (cls.is_module or cls.is_config)


def definer(cls: Class, method: str) -> Class | None:
    """Return the first class of the MRO whose source defines a method."""
    cache = _DEFINERS.setdefault(method, Cache())
    return inherited(cache, cls, lambda item: item if item.facts.has_method(method) else None)


_DEFINERS: dict[str, Cache[Class | None]] = {}


def _foreign_bases(mro: Sequence[Class | External]) -> Iterator[str]:
    for item in mro:
        bases: list[Any] = []
        if isinstance(item, Class):
            bases = item.bases
            item.own()
            yield from item.unread
        for base in bases:
            if isinstance(base, Unknown):
                yield base.why.text
            elif isinstance(base, External) and not _is_known(base.name):
                yield base.name


def _is_known(name: str) -> bool:
    return name in ATTRIBUTE_DICTS or name.partition(".")[0] in READ_PACKAGES


_FOREIGN: Cache[tuple[str, ...]] = Cache()
_NAMES: Cache[frozenset[str]] = Cache()


def _linearize(cls: Class) -> list[Class | External]:
    """The C3 linearization; classes whose bases contradict each other fall back to depth first."""
    bases = [base for base in cls.bases if isinstance(base, (Class, External))]
    if len(bases) == 1:
        return [cls, *_mro_of(bases[0])]
    return [cls, *_merge([tail for tail in [*map(_mro_of, bases), bases] if tail])]


def _merge(tails: list[list[Class | External]]) -> Iterator[Class | External]:
    """Yield the classes of all tails, each when no tail has it further on than at its head."""
    behind = Counter(item.name for tail in tails for item in tail[1:])
    heads, taken = dict.fromkeys(range(len(tails)), 0), set[str]()
    while heads:
        first = [tails[tail][at] for tail, at in heads.items()]
        head = next((item for item in first if not behind[item.name]), first[0])
        yield head
        taken.add(head.name)
        for tail, at in list(heads.items()):
            items = tails[tail]
            while at < len(items) and items[at].name in taken:
                at += 1
                if at < len(items):
                    behind[items[at].name] -= 1
            if at < len(items):
                heads[tail] = at
            else:
                del heads[tail]


def _mro_of(base: Class | External) -> list[Class | External]:
    if isinstance(base, Class):
        return list(base.mro)
    return [base, *map(External, bases_of(base.name))]


def is_metaclass(keyword: Keyword) -> bool:
    """Return whether what stands in the header of a class is a metaclass that may do anything."""
    return keyword.name == "metaclass" and last_name(keyword.value) not in _USUAL_METACLASSES


_USUAL_METACLASSES = frozenset({"ABCMeta", "EnumMeta", "EnumType"})


def has_metaclass(cls: Class) -> bool:
    """Return whether a class, or one above it, has such a metaclass: it may bring attributes of the class."""
    chain = (item for item in cls.mro if isinstance(item, Class))
    return any(is_metaclass(word) for item in chain for word in item.facts.keywords)
