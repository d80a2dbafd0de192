"""The input and output embeddings of a model: where its getters lead, and what follows its vocabulary."""

from __future__ import annotations

from enum import Enum
from functools import cache, cached_property
from typing import TYPE_CHECKING

from tie_lint.interpreter.base_values import ExhaustedError, RaisedError, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.python.nodes import Attr, Call, Const, Name
from tie_lint.python.statements import Return
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.built_model import BuiltModels
from tie_lint.tiemap.construction import Construction
from tie_lint.tiemap.family import Family
from tie_lint.tiemap.resize_code import ResizeCode
from tie_lint.tiemap.vocabulary import Vocabulary, is_of_one_config, model_around, vocabulary
from tie_lint.tiemap.weights import weight_of

if TYPE_CHECKING:
    from tie_lint.library.contract import Contract


class Getter(Enum):
    """How a getter ends."""

    WORKS = "works"
    """It returns something."""
    RETURNS_NONE = "returns None"
    DECLINES = "declines"
    """It says ``return None`` and nothing else, outside an init base class: it means it."""
    RETURNS_PARENT = "returns a module around the head"
    """It is inherited, and returns a module that holds the head."""
    RAISES = "raises"


class Embeddings:
    """What a model hands out as its embeddings, and what it holds."""

    def __init__(self, models: BuiltModels, family: Family, resize_code: ResizeCode) -> None:
        self._models, self._family, self._resize_code = models, family, resize_code
        self._interp, self._cls = models.interp, models.cls

    # -- the getters ----------------------------------------------------------------------------------

    @cached_property
    def input_getter(self) -> Getter | None:
        """How ``get_input_embeddings()`` of the built model ends."""
        return self.getter(End.INPUT)[0]

    @cached_property
    def output_getter(self) -> Getter | None:
        """How ``get_output_embeddings()`` of the built model ends."""
        ending, found = self.getter(End.OUTPUT)
        owner = self._models.owner(End.OUTPUT.getter)
        if ending is Getter.RETURNS_NONE and owner is not None and self._declines(owner, End.OUTPUT.getter):
            return Getter.DECLINES
        if ending is Getter.WORKS and owner is None and self._holds_head(found):
            return Getter.RETURNS_PARENT
        return ending

    def getter(self, end: End) -> tuple[Getter | None, Value]:
        """Return how a getter of the built model ends, and what it returns."""
        model, interp = self._models.available.model, self._interp
        if model is None:
            return None, None
        depth, interp.steps = interp.depth, 0
        try:
            found = interp.call_method(model, end.getter)
        except RaisedError:
            return Getter.RAISES, None
        except (ExhaustedError, RecursionError):
            return None, None
        finally:
            interp.depth = depth
        if isinstance(found, Unknown):
            return None, found
        return (Getter.RETURNS_NONE, None) if found is None else (Getter.WORKS, found)

    def _declines(self, owner: Class, method: str) -> bool:
        """Whether a method says ``return None`` and nothing else."""
        if owner is self._family.init_base_class:
            return False  # it speaks for models without a head
        facts = owner.method(method)
        match [] if facts is None else facts.body:
            case [Return(value=Const(None))]:
                return True
        return False

    @cached_property
    def part_asked(self) -> str | None:
        """The part, a model that hands out a token embedding (or is not known, as the config decides on
        it), whose output embeddings the class's own ``get_output_embeddings`` hands out."""
        owner, model = self._models.owner(End.OUTPUT.getter), self._models.available.model
        facts = None if owner is None else owner.method(End.OUTPUT.getter)
        match [] if facts is None else facts.body[-1:]:
            case [Return(value=Call(Attr(Attr(Name("self"), part), End.OUTPUT.getter)))]:
                held = None if model is None else model.attrs.get(part)
                return part if self._is_model_with_embeddings(held) else None
        return None

    @property
    def unknown_part_asked(self) -> str | None:
        """The same where the config decides on the part: nobody knows what that ties by itself."""
        part, model = self.part_asked, self._models.available.model
        held = None if part is None or model is None else model.attrs.get(part)
        return part if isinstance(held, Unknown) else None

    def _is_model_with_embeddings(self, held: Value) -> bool:
        if isinstance(held, Unknown):
            return held.module
        if not (isinstance(held, Module) and isinstance(held.cls, Class) and held.cls.is_model):
            return False
        found = self._models.attempt(lambda: self._interp.call_method(held, End.INPUT.getter))
        return isinstance(found, Module)

    def _holds_head(self, module: Value) -> bool:
        model, head = self._models.available.model, self.head
        if model is None or head is None or not isinstance(module, Module):
            return False
        return head.startswith(f"{module_tree.path_of(model, module)}.")

    def works_under(self, newer: Contract | None, end: End) -> bool:
        """Return whether the inherited getter of one end finds a module by a newer release's rules."""
        model, interp = self._models.default.model, self._interp
        if newer is None or model is None:
            return False

        @cache
        def works() -> bool:
            with interp.under(newer):
                return isinstance(self._models.attempt(lambda: interp.call_method(model, end.getter)), Module)

        return interp.decided_by("since", lambda since: since != newer.since and works())

    # -- what the getters return, before and after the library ties --------------------------------------

    def ends(self, construction: Construction) -> tuple[Value, Value]:
        """Return what the input and the output getter of a built model return."""
        handed_out = self._models.handed_out
        return handed_out(construction, End.INPUT), handed_out(construction, End.OUTPUT)

    @cached_property
    def untied_ends(self) -> tuple[Value, Value]:
        """What the getters of the untied model return."""
        return self.ends(self._models.untied)

    @property
    def input_path(self) -> str | None:
        """Where ``get_input_embeddings()`` of the untied model leads, be it a parameter."""
        model, source = self._models.untied.model, self.untied_ends[0]
        if model is None or not isinstance(source, Module | Param):
            return None
        return (
            module_tree.path_of(model, source)
            if isinstance(source, Module)
            else module_tree.name_of(model, source)
        )

    # -- what follows the vocabulary --------------------------------------------------------------------

    @cached_property
    def vocabulary(self) -> Vocabulary | None:
        """What follows the vocabulary in the model as its config says, or in what can be built of it."""
        model = self._models.default.model
        if model is not None:
            return self._vocabulary_of(model)
        if self._models.untied.model is not None:
            return self.untied_vocabulary
        model = self._models.available.model
        return None if model is None else self._vocabulary_of(model, False)

    def _vocabulary_of(self, model: Module, tied: bool | None = None) -> Vocabulary | None:
        return vocabulary(self._interp, self._cls, model, tied, self._models.values)

    @cached_property
    def untied_vocabulary(self) -> Vocabulary | None:
        """What follows the vocabulary in the untied model."""
        model = self._models.untied.model
        if model is None or self._models.untied is self._models.default:
            return None if model is None else self.vocabulary
        return self._vocabulary_of(model, False)

    @property
    def has_head(self) -> bool | None:
        """Whether the model holds a module whose weight has the shape of its embedding matrix."""
        return None if self.vocabulary is None else self.head is not None

    @cached_property
    def head(self) -> str | None:
        """The dotted path of the vocabulary head; None where there is none.

        - The head of a model inside this one counts only where the embedding that this one hands out is its
          other end: a wrapper that hands out neither leaves both to the model inside.
        - A composite that hands out no embedding for a head in a part that has a config of its own leaves it
          to that part, too.
        - A head that no embedding fits counts where the model has no other.
        - A list of heads counts where a list of embeddings is handed out.
        """
        found, model = self.vocabulary, self._models.available.model
        if found is None or model is None:
            return None
        source = self.getter(End.INPUT)[1]
        weight = weight_of(source)
        heads = [path for path in found.heads if not found.is_one_of_several(path)]
        if leads_to(model, source, self.list_of_embeddings):
            return found.list_of_heads
        if weight is None:
            return next((p for p in heads if p not in found.nested and is_of_one_config(model, p)), None)
        start = module_tree.path_of(model, source) or "" if isinstance(source, Module) else ""
        fitting = (path for path in heads if found.heads[path] == weight.shape)
        head = next((path for path in fitting if not self._has_own_embedding(path, start)), None)
        return head or (found.sole_unfit_head if start in found.embeddings else None)

    def _has_own_embedding(self, head: str, source: str) -> bool:
        """Whether a head is in a model inside this one that has an embedding for it, without ``source``."""
        found, model = self.vocabulary, self._models.available.model
        inner = None if model is None else model_around(model, head)
        if found is None or inner is None or source.startswith(f"{inner}."):
            return False
        return any(
            path.startswith(f"{inner}.") and shape == found.heads[head]
            for path, shape in found.embeddings.items()
        )

    @property
    def head_is_unfit(self) -> bool:
        """Whether the vocabulary head has a row for each token, but not the shape of an embedding."""
        found = self.vocabulary
        return found is not None and self.head in found.unfit

    @property
    def list_of_embeddings(self) -> str | None:
        """The path of the list that all token embeddings of the model stand in, where code of the model's own
        resizes them: the library's can do nothing with a list."""
        found = self.vocabulary
        return found.list_of_embeddings if found is not None and self._resize_code.bodies else None

    @cached_property
    def token_embedding(self) -> str | None:
        """The dotted path of a token embedding that the class makes itself, unless it is but a component."""
        found = self.vocabulary
        own = None if found is None else next((p for p in found.embeddings if p not in found.nested), None)
        return None if own is None or self._family.is_component else own

    def same_as(self, path: str) -> list[str]:
        """Return the other token embeddings that have the weight of the one at a path before the library ties
        anything, in the order of the model."""
        model, found = self._models.untied.model, self.untied_vocabulary
        if model is None or found is None:
            return []
        weight = weight_of(module_tree.submodule(model, path))
        weights = {
            name: weight_of(module_tree.submodule(model, name)) for name in found.embeddings if name != path
        }
        return [name for name, other in weights.items() if other is weight and other is not None]


def leads_to(model: Module | None, end: Value, path: str | None) -> bool:
    """Return whether what a getter returned is at a path; not where that is None."""
    if path is None or model is None or not isinstance(end, Module):
        return False
    return module_tree.path_of(model, end) == path
