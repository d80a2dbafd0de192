"""The table of renamings that the library keeps in ``_build_checkpoint_conversion_mapping``.

Its code is read, not run: lists of calls with constant arguments, copied and joined. What is written in
another way is unknown, for its model type only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Function, Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.loading.transforms import Scoped, Transform, UntoldRenamingError
from tie_lint.python.nodes import Attr, Binary, Call, Const, Dict, Expr, Index, List, Name, Star
from tie_lint.python.statements import Assign, AugAssign, Stmt
from tie_lint.tiemap.construction import attempt

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter

Entry = list[Transform] | None
Table = dict[str, Entry]
"""By model type or name of a class; None where the entry could not be read."""

MODULE = "transformers.conversion_mapping"
_PATTERNS = ("source_patterns", "target_patterns")
_PARAMETERS = {"PrefixChange": ("prefix_to_add", "prefix_to_remove", "model_prefix")}
"""What positional arguments are called, where they are no patterns."""
_TABLE: Cache[Table] = Cache()


def transforms_of(interp: Interpreter, model: Module, prefix: str) -> list[Scoped]:
    """Return what changes the names of a checkpoint of this model, in order
    (``get_model_conversion_mapping``).

    Raises :class:`UntoldRenamingError` where an entry could not be read.
    """
    table = conversion_table(interp)
    seen: dict[str, list[str]] = {}
    found: list[Scoped] = []
    for path, module in module_tree.named_modules(model, module_tree.only_built):
        cls = module.cls
        if not isinstance(cls, Class) or not cls.is_model or not cls.scope.dotted.startswith("transformers."):
            continue
        model_type = _model_type(interp, module)
        if _is_claimed(path, seen.get(cls.leaf, [])):
            continue
        by_class = cls.leaf in table
        key = cls.leaf if by_class else model_type
        if key is None or key not in table or (not by_class and _is_claimed(path, seen.get(key, []))):
            continue
        entry = table[key]
        if entry is None:
            raise UntoldRenamingError(f"the renamings of {key} could not be read")
        scope = path.removeprefix(prefix).removeprefix(".") if path else None
        found += [Scoped(transform, scope, prefix) for transform in entry]
        seen.setdefault(cls.leaf, []).append(path)
        if not by_class:
            seen.setdefault(key, []).append(path)
    return [*found, *(Scoped(transform, None, prefix) for transform in table.get("legacy") or ())]


def _is_claimed(path: str, by: Sequence[str]) -> bool:
    """Whether a part is in one of the parts that an entry is applied to already."""
    return any(not other or path.startswith(f"{other}.") for other in by)


def _model_type(interp: Interpreter, module: Module) -> str | None:
    config = module.attrs.get("config")
    found = None if config is None else attempt(interp, lambda: get_attr(interp, config, "model_type"))
    return found if isinstance(found, str) else None


def conversion_table(interp: Interpreter) -> Table:
    """Return the renamings that the library knows; empty where it has no table."""
    return _TABLE.of(interp.resolver, lambda: _read_table(interp))


def _read_table(interp: Interpreter) -> Table:
    function = interp.resolver.library_value(MODULE, "_build_checkpoint_conversion_mapping")
    same = interp.resolver.library_value(MODULE, "_MODEL_TO_CONVERSION_PATTERN")
    if not isinstance(function, Function):
        return {}
    table = _Reader().read(function.facts.body)
    for key, base in (same if isinstance(same, dict) else {}).items():
        if isinstance(key, str) and isinstance(base, str):
            table.setdefault(key, table.get(base))
    return table


class _Reader:
    """The body of the function that makes the table."""

    def __init__(self) -> None:
        self.table: Table = {}
        self.names: dict[str, Expr] = {}
        """What local variables were last given."""

    def read(self, body: Sequence[Stmt]) -> Table:
        """Read the statements."""
        for statement in body:
            match statement:
                case Assign(targets=[Name(name="mapping")], value=Dict(pairs=pairs)):
                    for pair in pairs:
                        self._set(pair.key, self._entries(pair.value))
                case Assign(targets=[Name(name=name)], value=value):
                    self.names[name] = value
                case Assign(targets=[Index(base=Name(name="mapping"), index=key)], value=value):
                    self._set(key, self._entries(value))
                case AugAssign(target=Index(base=Name(name="mapping"), index=key), operator="+", value=value):
                    self._set(key, _joined(self._entry(key), self._entries(value)))
        return self.table

    def _set(self, key: Expr | None, entries: Entry) -> None:
        if isinstance(key, Const) and isinstance(key.value, str):
            self.table[key.value] = entries

    def _entry(self, key: Expr) -> Entry:
        return self.table.get(str(key.value)) if isinstance(key, Const) else None

    def _entries(self, value: Expr) -> Entry:
        match value:
            case List(items=items):
                parts = [self._item(item) for item in items]
                known = [part for part in parts if part is not None]
                return [one for part in known for one in part] if len(known) == len(parts) else None
            case Binary(operator="+", left=left, right=right):
                return _joined(self._entries(left), self._entries(right))
            case Call(function=Attr(base=base, name="copy"), args=[]):
                return self._entries(base)
            case Index(base=Name(name="mapping"), index=key):
                return self._entry(key)
            case Name(name=name) if name in self.names:
                return self._entries(self.names[name])
        return None

    def _item(self, item: Expr) -> Entry:
        if isinstance(item, Star):
            return self._entries(item.value)
        if not isinstance(item, Call) or not isinstance(item.function, Name):
            return None
        parameters = _PARAMETERS.get(item.function.name, _PATTERNS)
        given = dict(zip(parameters, item.args, strict=False))
        given |= {keyword.name: keyword.value for keyword in item.keywords if keyword.name}
        found = self._transform(item.function.name, given)
        return None if found is None else [found]

    def _transform(self, name: str, given: dict[str, Expr]) -> Transform | None:
        if name == "PrefixChange":
            return self._prefix_change({key: self._strings(value) for key, value in given.items()})
        sources, targets = (self._strings(given.get(f"{end}_patterns")) for end in ("source", "target"))
        if name not in ("WeightRenaming", "WeightConverter"):
            return Transform("other", sources or (), targets or ())
        if sources is None or targets is None:
            return None
        return Transform("renaming" if name == "WeightRenaming" else "converter", sources, targets)

    def _prefix_change(self, given: dict[str, tuple[str, ...] | None]) -> Transform | None:
        """``PrefixChange.__init__``: the patterns that it makes of its arguments."""
        if any(value is None for value in given.values()):
            return None
        add, remove, model = (next(iter(given.get(name) or ()), "") for name in _PARAMETERS["PrefixChange"])
        lead = rf"{model}\." if model else ""
        if add:
            return Transform("renaming", (rf"^{lead}(?:(?!{add}\.))(.+)",), (rf"{lead}{add}\.\1",))
        return Transform("renaming", (rf"^{lead}{remove}\.(.+)",), (rf"{lead}\1",))

    def _strings(self, value: Expr | None) -> tuple[str, ...] | None:
        """A string, or a list of them."""
        items = value.items if isinstance(value, List) else [value]
        found = [self._string(item) for item in items]
        return tuple(item for item in found if item is not None) if None not in found else None

    def _string(self, value: Expr | None) -> str | None:
        match value:
            case Const(value=str(text)):
                return text
            case Name(name=name) if name in self.names:
                return self._string(self.names[name])
            case Binary(operator="+", left=left, right=right):
                one, two = self._string(left), self._string(right)
                return None if one is None or two is None else one + two
        return None


def _joined(one: Entry, two: Entry) -> Entry:
    return None if one is None or two is None else [*one, *two]
