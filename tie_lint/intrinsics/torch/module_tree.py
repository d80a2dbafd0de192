"""The module tree that a run built: names of modules and parameters, and what is shared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from tie_lint.cause import Cause
from tie_lint.interpreter.base_values import ExhaustedError, Unknown, Value
from tie_lint.interpreter.budget import budget
from tie_lint.interpreter.origins import strangers
from tie_lint.interpreter.values import Module, Param, Tensor, may_give_module, parts

DEEPEST = 60
MOST_NAMES = 500_000

Enter = Callable[[Module], bool]
"""Whether to look into a module that is not built yet."""


def always(module: Module) -> bool:
    """Look into every module."""
    return True


def only_built(module: Module) -> bool:
    """Look only into what the run has built already."""
    return module.build is None


def anywhere(name: str) -> bool:
    """Leave out no name."""
    return True


def named_modules(
    root: Module, enter: Enter = always, wanted: Callable[[str], bool] = anywhere
) -> Iterator[tuple[str, Module]]:
    """Yield every module under every name it has (``named_modules(remove_duplicate=False)``), parents first.

    Modules whose own name is not ``wanted`` are left out with all that they hold. Raises ``ExhaustedError``
    past :data:`DEEPEST` levels or :data:`MOST_NAMES` names, and for a module that holds itself, whose names
    have no end.
    """
    stack: list[tuple[str, Module, tuple[int, ...]]] = [("", root, ())]
    count, tick = 0, budget().tick
    while stack:
        name, module, above = stack.pop()
        count += 1
        if len(above) > DEEPEST or count > MOST_NAMES:
            raise ExhaustedError(f"modules nest deeper than {DEEPEST}, or there are more than {MOST_NAMES}")
        yield name, module
        if not enter(module):
            continue
        children = module.children()
        if not children:
            continue
        tick()
        if id(module) in above:
            raise ExhaustedError(f"{name} is a module that holds itself")
        lead, around = f"{name}." if name else "", (*above, id(module))
        below = [(lead + key, child, around) for key, child in reversed(children)]
        stack.extend(below if wanted is anywhere else [item for item in below if wanted(item[0])])


def named_tensors(
    root: Module, enter: Enter = always, wanted: Callable[[str], bool] = anywhere
) -> Iterator[tuple[str, Param | Tensor]]:
    """Yield every parameter and buffer under every name, but for those in modules whose name is not
    wanted.
    """
    for prefix, module in named_modules(root, enter, wanted):
        if enter(module):
            for name, value in module.attrs.items():
                if type(value) is Param or (type(value) is Tensor and value.buffer):
                    yield (f"{prefix}.{name}" if prefix else name), value


def named_parameters(root: Module, enter: Enter = always) -> Iterator[tuple[str, Param]]:
    """Return every parameter under every name it has."""
    return ((name, value) for name, value in named_tensors(root, enter) if type(value) is Param)


def named_buffers(root: Module, enter: Enter = always) -> Iterator[tuple[str, Tensor]]:
    """Return every buffer under every name it has."""
    return ((name, value) for name, value in named_tensors(root, enter) if type(value) is Tensor)


def distinct_modules(root: Module, enter: Enter = always) -> list[Module]:
    """Return every module once (``modules()``), parents first."""
    seen: dict[int, Module] = {}
    for _, module in named_modules(root, enter):
        seen.setdefault(id(module), module)
    return list(seen.values())


def path_of(root: Module, wanted: Module) -> str | None:
    """Return the first name of a module below the root, in registration order; None where it is not there."""
    for name, module in named_modules(root, only_built):
        if module is wanted:
            return name
    return None


def name_of(root: Module, wanted: Param) -> str | None:
    """Return the first name of a parameter below the root, where that is built; None where it is
    not there.
    """
    return next((name for name, param in named_parameters(root, only_built) if param is wanted), None)


def sharing(root: Module, enter: Enter = always) -> tuple[list[list[str]], list[Cause]]:
    """Return the groups of parameter names that are one object, sorted names, groups sorted; and those of the
    holes whose parameters may be elsewhere in the tree as well.

    A module that waits to be built shares its parameters all the same when it has two names.
    """
    modules = [*named_modules(root, enter)]
    if _build_what_has_two_names(modules, enter):
        modules = [*named_modules(root, enter)]
    names: dict[int, list[str]] = {}
    found: list[tuple[Cause, Unknown | None]] = []
    unnamed: dict[int, list[Cause]] = {}
    for prefix, module in modules:
        if module.opaque is not None:
            found.append((_inside(prefix, module.opaque), None))
        if enter(module):
            for name, value in module.attrs.items():
                if type(value) is Param:
                    names.setdefault(id(value), []).append(f"{prefix}.{name}" if prefix else name)
                elif isinstance(value, Unknown) and value.module:
                    found.append((_hole_at(prefix, name, value), value))
    for why, value in _unnamed(modules, enter):
        if isinstance(value, Unknown):
            found.append((why, value))
        else:
            unnamed.setdefault(id(value), []).append(why)
    shared = (causes for param, causes in unnamed.items() if len(causes) + len(names.get(param, ())) > 1)
    found += [(causes[0], None) for causes in shared]
    groups = sorted(sorted(group) for group in names.values() if len(group) > 1)
    tied = [name for group in groups for name in group]
    found += [(why, None) for path, why in _replaced(modules) if any(map(_at_or_below(path), tied))]
    alone = strangers(value for _, value in found)
    return groups, [hole for (hole, _), is_alone in zip(found, alone, strict=True) if not is_alone]


def _replaced(modules: list[tuple[str, Module]]) -> Iterator[tuple[str, Cause]]:
    """The paths of parts that may have been replaced by what was given under a name that nobody knows."""
    for prefix, module in modules:
        for one in (one for one in module.unnamed if may_give_module(one.value)):
            for name in filter(one.may_be, module.attrs):
                yield f"{prefix}.{name}" if prefix else name, _inside(prefix, one.why)


def _at_or_below(path: str) -> Callable[[str], bool]:
    return lambda name: name == path or is_below(name, path)


def _unnamed(modules: list[tuple[str, Module]], enter: Enter) -> Iterator[tuple[Cause, Param | Unknown]]:
    """The parameters, and holes, under names that are not known."""
    held = [(_inside(prefix, one.why), one.value) for prefix, module in modules for one in module.unnamed]
    seen: set[int] = set()
    for why, value in held:  # which grows meanwhile
        for part in parts(value):
            if isinstance(part, Param) or (isinstance(part, Unknown) and part.module):
                yield why, part
            elif isinstance(part, Module):
                for _, module in named_modules(part, enter):
                    if module.opaque is not None:
                        yield why, Unknown(module.opaque, module=True)
                    held += [(why, inner) for inner in module.attrs.values() if not isinstance(inner, Module)]
                    held += [(why, one.value) for one in module.unnamed if id(module) not in seen]
                    seen.add(id(module))


def _build_what_has_two_names(modules: list[tuple[str, Module]], enter: Enter) -> bool:
    waiting: set[int] = set()
    any_built = False
    unnamed = parts([one.value for _, module in modules for one in module.unnamed])
    others = (named_modules(part, enter) for part in unnamed if isinstance(part, Module))
    for _, module in chain(modules, *others):
        if enter(module):
            continue
        if id(module) in waiting:
            any_built = True
            for _ in named_modules(module):
                """Looking into a module builds it."""
        waiting.add(id(module))
    return any_built


def one_storage(root: Module, enter: Enter = always) -> list[list[str]] | None:
    """Return the groups of names of parameters and buffers whose numbers are in one place although they are
    several; None where that is not known of one.
    """
    found: dict[int, list[tuple[str, Param | Tensor]]] = {}
    for name, value in named_tensors(root, enter):
        if value.storage is not None:
            found.setdefault(id(value.storage.root), []).append((name, value))
    several = [held for held in found.values() if any(value is not held[0][1] for _, value in held)]
    if any(value.storage is not None and value.storage.perhaps for held in several for _, value in held):
        return None
    return [sorted(name for name, _ in held) for held in several]


def around(path: str) -> list[str]:
    """Return the dotted paths of the modules around the one at a path, outermost first; the root's
    is empty.
    """
    parts = path.split(".")
    return [".".join(parts[:count]) for count in range(len(parts))]


def is_below(path: str, above: str) -> bool:
    """Return whether a dotted path leads into the module at another; the root's is empty."""
    return not above or path.startswith(f"{above}.")


def submodule(root: Module, path: str) -> Value:
    """``get_submodule(path)``: a module, ``Unknown``, or None where there is none."""
    value: Value = root
    for part in path.split(".") if path else []:
        if isinstance(value, Unknown):
            return value
        if not isinstance(value, Module):
            return None
        found = value.attrs.get(part)
        if found is None:
            found = value.hidden_as(part)
        value = found
    return value


def parameter(root: Module, path: str) -> Value:
    """Return the parameter or buffer at a dotted path, ``Unknown``, or None where there is none."""
    parent, _, name = path.rpartition(".")
    module = submodule(root, parent)
    if isinstance(module, Unknown) or module is None:
        return module
    if not isinstance(module, Module):
        return None
    value = module.attrs.get(name)
    if value is None:
        return module.hidden_as(name)
    return value if isinstance(value, (Param, Tensor, Unknown)) else None


def holes(root: Module, enter: Enter = always) -> list[Cause]:
    """Return why the tree may hold modules or parameters that the run does not know: ``path: reason``."""
    found: list[Cause] = []
    for prefix, module in named_modules(root, enter):
        if module.opaque is not None:
            found.append(_inside(prefix, module.opaque))
        found += [_inside(prefix, one.why) for one in module.unnamed if may_give_module(one.value)]
        if enter(module):
            for name, value in module.attrs.items():
                if isinstance(value, Unknown) and value.module:
                    found.append(_hole_at(prefix, name, value))
    return found


def _hole_at(prefix: str, name: str, value: Unknown) -> Cause:
    return _inside(f"{prefix}.{name}" if prefix else name, value.why)


def _inside(path: str, why: Cause) -> Cause:
    return why.saying(f"{path}: {why.text}") if path else why
