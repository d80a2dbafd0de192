"""One load: what the parameters of a model get from a checkpoint, and what ties them after that."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import RaisedError, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.regexes import pattern
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.library.contract import leaves_ignored_empty, parts_equal_tensors, renames_by_class
from tie_lint.loading.conversions import transforms_of
from tie_lint.loading.names import StoredNames, without_digits
from tie_lint.loading.outcome import EMPTY, NEW, Loaded, Mismatch, Origin, Shape, Stored
from tie_lint.loading.renaming import Expected, by_each_prefix, by_whole_prefix
from tie_lint.tiemap.construction import attempt, prefix_of, tie
from tie_lint.tiemap.loading import separate
from tie_lint.tiemap.symmetric import UntoldError, tie_symmetrically

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter

Groups = list[list[str]]


class Load:
    """One load of a model that was built and not tied."""

    def __init__(self, interp: Interpreter, model: Module, stored: Stored) -> None:
        self.interp, self.model, self.stored = interp, model, stored
        found = attempt(interp, lambda: module_tree.sharing(model, module_tree.only_built))
        self._made = found[0] if found else []
        """The names that are one parameter before anything ties them."""
        separate(interp, model)
        self.names = StoredNames.of(stored.names)
        self.params: dict[str, Param] = {}
        """The parameters that matter, by every name, before anything ties them."""
        self.files: dict[str, str] = {}
        """Name → the stored tensor that is loaded into it."""

    def place(self, wanted: Iterable[str]) -> None:
        """Find which of the names are loaded from what."""
        self.params = self._held(sorted(wanted))
        prefix = prefix_of(self.interp, self.model)
        prefix = prefix if isinstance(prefix, str) else ""
        expected = Expected(prefix, prefix in self.model.attrs, self.params.keys())
        if self.interp.contract.ties_by == "keys":
            transforms = transforms_of(self.interp, self.model, prefix)
            named = by_each_prefix(self.names, expected, transforms)
        else:
            patterns = self._patterns()
            if expected.has_prefix and not patterns:
                self._check_for_backbone(prefix)
            named = by_whole_prefix(self.names, expected, patterns)
        self.files = {name: named[name] for name in self.params if name in named}
        for name in self.params:
            if name not in self.files:
                self._check_form(name)

    def _check_for_backbone(self, prefix: str) -> None:
        """Raise what a release up to 4.57 raises where names of the model itself are among a backbone's."""
        if any(name.startswith(prefix) for name in self.names):
            return
        heads = self.model.attrs.keys() - {prefix}
        for name in self.names:
            if (
                name.partition(".")[0] in heads
                and self._held([name])
                and not self._held([f"{prefix}.{name}"])
            ):
                raise RaisedError("ValueError", "The state dictionary of the model … is corrupted")

    def _check_form(self, name: str) -> None:
        """Raise where what the module does not have is stored for it: its weight in another form."""
        path = name.rpartition(".")[0]
        module = module_tree.submodule(self.model, path)
        known = module.attrs if isinstance(module, Module) else {}
        form = without_digits(f"{path}.")
        alike = (names for known_form, names in self.names.by_form.items() if path and form in known_form)
        for stored in (name for names in alike for name in names):
            before, found, rest = stored.partition(f"{path}.")
            if found and (not before or before.endswith(".")) and rest.partition(".")[0] not in known:
                raise UntoldError(f"{stored} is stored in the place of {name}")

    def _patterns(self) -> dict[str, str]:
        """``_checkpoint_conversion_mapping``; empty where the class has none, or the release does not ask.

        4.57.6 applies it to classes with certain names, which all of its own that have one bear.
        """
        found = self._attribute("_checkpoint_conversion_mapping")
        if not isinstance(found, dict) or not found or not renames_by_class(self.interp.resolver.release):
            return {}
        if not (
            isinstance(self.model.cls, Class) and self.model.cls.scope.dotted.startswith("transformers.")
        ):
            raise UntoldError("whether its _checkpoint_conversion_mapping is applied is not known")
        return {key: value for key, value in found.items() if isinstance(key, str) and isinstance(value, str)}

    def _attribute(self, name: str) -> Value:
        return attempt(self.interp, lambda: get_attr(self.interp, self.model, name))

    def by_keys(self, mapping: dict[str, str]) -> Loaded:
        """Return the outcome where a mapping ties."""

        def alike(one: str, two: str) -> bool | None:
            if parts_equal_tensors(self.interp.resolver.release):
                return False
            return self.stored.alike(self.files[one], self.files[two])

        cls = self.model.cls
        is_own = isinstance(cls, Class) and not cls.scope.dotted.startswith("transformers.")
        for group in self._made if is_own else ():
            if self.files.keys().isdisjoint(group) and not mapping.keys().isdisjoint(group):
                raise UntoldError(f"{group[0]} is tied by its module and by a mapping, and not stored")
        tied = tie_symmetrically(mapping, self.files.keys(), alike)
        now = {name: self.params[tied.holds.get(name, name)] for name in self.params}
        return self._outcome(now, tied.parted, dict.fromkeys(self.params, NEW))

    def _held(self, names: Iterable[str]) -> dict[str, Param]:
        """The parameters that the names stand for now."""
        found = {name: module_tree.parameter(self.model, name) for name in names}
        return {name: value for name, value in found.items() if isinstance(value, Param)}

    def by_getters(self) -> Loaded:
        """Return the outcome where ``tie_weights()`` ties: once while nothing has values, and when all is
        loaded.
        """
        missed = dict.fromkeys(self.params, NEW)
        for group in _groups(self._tied(set(self.params))):
            self._check_biases(group)
            if any(name in self.files for name in group):
                missed |= dict.fromkeys(group, EMPTY)
        if leaves_ignored_empty(self.interp.resolver.release):
            missed |= dict.fromkeys(filter(self._is_ignored, missed), EMPTY)
        separate(self.interp, self.model)
        self.params = self._held(self.params)
        sources = self._sources()
        left = {
            name
            for name, origin in missed.items()
            if origin is EMPTY and id(self.params[name]) not in sources
        }
        return self._outcome(self._tied(left), [], missed)

    def _check_biases(self, group: list[str]) -> None:
        """Raise where a tie changes how many rows a layer has, and with it the size of its bias."""
        sizes = {name: _sizes(self.params[name]) for name in group}
        if len({rows[0] for rows in sizes.values() if rows}) > 1:
            biases = [f"{name.rpartition('.')[0]}.bias" for name in group]
            if self._held(biases):
                raise UntoldError(f"a tie of {group[0]} changes the size of a bias")

    def _is_ignored(self, name: str) -> bool:
        """Whether the class says not to care when a name is missing. Raises ``TooCostlyError``."""
        patterns = self._attribute("_keys_to_ignore_on_load_missing")
        listed = patterns if isinstance(patterns, list | tuple | set) else ()
        return any(pattern(text).search(name) for text in listed if isinstance(text, str))

    def _tied(self, empty: set[str]) -> dict[str, Param]:
        """What the names stand for after ``tie_weights()``, with some parameters on the meta device."""
        for name, param in self.params.items():
            param.meta = name in empty
        if not tie(self.interp, self.model):
            raise UntoldError("tie_weights() could not be followed")
        now = self._held(self.params)
        if len(now) < len(self.params):
            raise UntoldError("what tie_weights() makes of the model is not known")
        return now

    def _sources(self) -> dict[int, str]:
        """Return the stored tensors that parameters are loaded from, by the ids of these: the last of all
        their names' ones."""
        found: dict[int, str] = {}
        for name, param in self.params.items():
            file, known = self.files.get(name), found.get(id(param))
            if file is not None and (known is None or self._places[file] > self._places[known]):
                found[id(param)] = file
        return found

    @cached_property
    def _places(self) -> dict[str, int]:
        """The stored tensors that are loaded into something, each with its place in the order."""
        used = set(self.files.values())
        return {name: place for place, name in enumerate(self.names) if name in used}

    def _outcome(
        self, now: dict[str, Param], parted: list[tuple[str, str]], unstored: dict[str, Origin]
    ) -> Loaded:
        """What the names hold now, from what their parameters were loaded from."""
        first = {id(param): name for name, param in reversed(self.params.items())}
        origins: dict[str, Origin] = {}
        sources = self._sources()
        for name, param in now.items():
            if id(param) not in first:
                raise UntoldError(f"where the values of {name} come from is not known")
            file = sources.get(id(param))
            origins[name] = unstored[first[id(param)]] if file is None else Origin("stored", file)
        return Loaded(origins, _groups(now), self.files, parted, self._mismatched())

    def _mismatched(self) -> dict[str, Mismatch]:
        found = {}
        for name, file in self.files.items():
            wanted, stored = _sizes(self.params[name]), self.stored.shapes.get(file)
            if wanted is not None and stored is not None and wanted != stored:
                found[name] = Mismatch(stored, wanted)
        return found


def _groups(now: dict[str, Param]) -> Groups:
    names: dict[int, list[str]] = {}
    for name, param in now.items():
        names.setdefault(id(param), []).append(name)
    return sorted(sorted(group) for group in names.values() if len(group) > 1)


def _sizes(param: Param) -> Shape | None:
    sizes = param.shape or ()
    known = [size for size in sizes if type(size) is int]
    return tuple(known) if param.shape is not None and len(known) == len(sizes) else None
