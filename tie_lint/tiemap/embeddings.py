"""The two ends of a tie: where the getters lead, and where they should."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal

from tie_lint.interpreter.attributes import get_attr, lookup
from tie_lint.interpreter.base_values import ExhaustedError, RaisedError, Unknown, Value
from tie_lint.interpreter.classes import PRETRAINED_MODEL, Class
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers.trace import Tied
from tie_lint.python.calls import calls_own, calls_super
from tie_lint.tiemap.construction import Construction, construct
from tie_lint.tiemap.family import Family, model_classes
from tie_lint.tiemap.resizing import where_set
from tie_lint.tiemap.tied_keys import matching
from tie_lint.tiemap.unreached_embeddings import is_of_one_config, unreached_embedding
from tie_lint.tiemap.vocabulary import Shape, Vocabulary, model_around, vocabulary

RESIZE = "resize_token_embeddings"

Getter = Literal["works", "returns-none", "returns-parent", "declines", "raises"]


class Ends(Family):
    """The input and output embeddings of a model."""

    @cached_property
    def input_getter(self) -> Getter | None:
        """How ``get_input_embeddings()`` of the built model ends."""
        return self._getter("get_input_embeddings")[0]

    @cached_property
    def output_getter(self) -> Getter | None:
        """How ``get_output_embeddings()`` of the built model ends.

        "declines" is a getter that says ``return None`` and nothing else: it means it, but for an init base
        class, which speaks for models without a head. "returns-parent" is an inherited getter that returns a
        module which holds the head.
        """
        ending, found = self._getter("get_output_embeddings")
        owner = self._owner("get_output_embeddings")
        if ending == "returns-none" and owner is not None and self._declines(owner, "get_output_embeddings"):
            return "declines"
        if ending == "works" and owner is None and self._holds_head(found):
            return "returns-parent"
        return ending

    def _owner(self, method: str) -> Class | None:
        """The class that defines a method; None for the library's own base class."""
        found = lookup(self.cls, method)
        owner = None if found is None else found[0]
        return owner if isinstance(owner, Class) and owner.name != PRETRAINED_MODEL else None

    def _holds_head(self, module: Value) -> bool:
        model, head = self._standing.model, self.vocabulary_head
        if model is None or head is None or not isinstance(module, Module):
            return False
        return head.startswith(f"{module_tree.path_of(model, module)}.")

    def _declines(self, owner: Class, method: str) -> bool:
        if owner is self._init_base_class:
            return False
        facts = owner.method(method)
        return facts is not None and [stmt[0::2] for stmt in facts.body] == [["return", ["const", None]]]

    def _getter(self, name: str) -> tuple[Getter | None, Value]:
        model = self._standing.model
        if model is None:
            return None, None
        depth, self.interp.steps = self.interp.depth, 0
        try:
            found = self.interp.call_method(model, name)
        except RaisedError:
            return "raises", None
        except (ExhaustedError, RecursionError):
            return None, None
        finally:
            self.interp.depth = depth
        if isinstance(found, Unknown):
            return None, found
        return ("returns-none", None) if found is None else ("works", found)

    @cached_property
    def _vocabulary(self) -> Vocabulary | None:
        model = self._built.model
        if model is not None:
            return vocabulary(self.interp, self.cls, model)
        if self._untied.model is not None:
            return self._vocabulary_untied
        model = self._standing.model
        return None if model is None else vocabulary(self.interp, self.cls, model, False)

    @property
    def has_vocabulary_head(self) -> bool | None:
        """Whether the model holds a module whose weight has the shape of its embedding matrix."""
        return None if self._vocabulary is None else self.vocabulary_head is not None

    @cached_property
    def vocabulary_head(self) -> str | None:
        """The dotted path of the vocabulary head; None where there is none.

        The head of a model inside this one counts only where the embedding that this one hands out is its
        other end: a wrapper that hands out neither leaves both to the model inside. So does a composite that
        hands out no embedding for a head in a part that has a config of its own. A head that no embedding
        fits counts where the model has no other; a list of heads where a list of embeddings is handed out.
        """
        found, model = self._vocabulary, self._standing.model
        if found is None or model is None:
            return None
        source = self._getter("get_input_embeddings")[1]
        weight = weight_of(source)
        heads = [path for path in found.heads if not found.is_one_of_several(path)]
        if self._leads_to(model, source, self.list_of_embeddings):
            return found.list_of_heads
        if weight is None:
            return next((p for p in heads if p not in found.nested and is_of_one_config(model, p)), None)
        start = module_tree.path_of(model, source) or "" if isinstance(source, Module) else ""
        fitting = (path for path in heads if found.heads[path] == weight.shape)
        head = next((path for path in fitting if not self._has_own_embedding(path, start)), None)
        return head or (found.sole_unfit_head if start in found.embeddings else None)

    @property
    def list_of_embeddings(self) -> str | None:
        """The path of the list that all token embeddings of the model stand in, where code of the model's own
        resizes them: the library's can do nothing with a list."""
        found = self._vocabulary
        return found.list_of_embeddings if found is not None and self._resizing else None

    def _leads_to(self, model: Module | None, end: Value, path: str | None) -> bool:
        """Whether what a getter returned is at a path; not where that is None."""
        if path is None or model is None or not isinstance(end, Module):
            return False
        return module_tree.path_of(model, end) == path

    @property
    def head_is_unfit(self) -> bool:
        """Whether the vocabulary head has a row for each token, but not the shape of an embedding."""
        found = self._vocabulary
        return found is not None and self.vocabulary_head in found.unfit

    def _has_own_embedding(self, head: str, source: str) -> bool:
        """Whether a head is in a model inside this one that has an embedding for it, without ``source``."""
        found, model = self._vocabulary, self._standing.model
        inner = None if model is None else model_around(model, head)
        if found is None or inner is None or source.startswith(f"{inner}."):
            return False
        return any(
            path.startswith(f"{inner}.") and shape == found.heads[head]
            for path, shape in found.embeddings.items()
        )

    @cached_property
    def wrong_output(self) -> str | None:
        """Where ``get_output_embeddings()`` leads when that is not the vocabulary head; else None."""
        (source, head), model = self._untied_ends, self._untied.model
        found, wanted, right = self._vocabulary_untied, weight_of(source), self.right_head
        if found is None or model is None or not isinstance(head, Module) or not right:
            return None
        path = module_tree.path_of(model, head)
        if wanted is None:
            return None if _is_within(path, right) else path
        wrong = self._cannot_tie(head, wanted) or (weight_of(head) is wanted and self._declares_right_head)
        return path if wrong and path not in found.heads and path not in found.unfit else None

    @property
    def _declares_right_head(self) -> bool:
        """Whether ``_tied_weights_keys`` names the head that the output getter should return, which is apart
        from the input embedding before the library ties anything."""
        keys = self.attempt(lambda: get_attr(self.interp, self.cls, "_tied_weights_keys"))
        if self.right_head is None or self._untied.model is None or not isinstance(keys, list | tuple | dict):
            return False
        apart = weight_of(module_tree.submodule(self._untied.model, self.right_head))
        named = matching([key for key in keys if isinstance(key, str)], f"{self.right_head}.weight")
        return bool(named) and apart is not weight_of(self._untied_ends[0])

    def _cannot_tie(self, module: Module | Param, other: Param) -> bool:
        """Whether a module certainly has no weight, or one of another shape."""
        weight = weight_of(module)
        return _differ(weight, other) if weight is not None else self._is_weightless(module)

    def _is_weightless(self, module: Module | Param) -> bool:
        if isinstance(module, Param):
            return True
        if "weight" in module.attrs or module.opaque is not None:
            return False
        cls = module.cls
        if not isinstance(cls, Class):
            return True
        return next(cls.foreign_bases(), None) is None and lookup(cls, "weight") is None

    @cached_property
    def right_head(self) -> str | None:
        """The dotted path of the head, or list of heads, that ``get_output_embeddings()`` should return."""
        found, source = self._vocabulary_untied, weight_of(self._untied_ends[0])
        if found is not None and self._leads_to(
            self._untied.model, self._untied_ends[0], self.list_of_embeddings
        ):
            return found.list_of_heads
        if found is None or source is None:
            return None
        single = (path for path in found.heads if not found.is_one_of_several(path))
        fitting = next((path for path in single if found.heads[path] == source.shape), None)
        return fitting or (found.sole_unfit_head if self.input_path in found.embeddings else None)

    @cached_property
    def wrong_input(self) -> tuple[str, str] | None:
        """Where ``get_input_embeddings()`` leads when that is not the token embedding of the vocabulary head
        that ``get_output_embeddings()`` returns, or is but a module around one, and where it should lead."""
        (source, head), model, found = self._untied_ends, self._untied.model, self._vocabulary_untied
        path = self.input_path
        if model is None or found is None or path is None or path in found.embeddings:
            return None
        listed = self.list_of_embeddings
        if listed is not None and self._leads_to(model, head, found.list_of_heads):
            return None if _is_within(path, listed) else (path, listed)
        if self.resizes_itself and not _is_model(source):
            return None  # what it returns is for its own code, which knows it
        single = {p: size for p, size in found.embeddings.items() if not found.is_one_of_several(p)}
        if self._is_weightless(source):
            lead = f"{path}." if path else ""
            inside = next((name for name in single if name.startswith(lead)), None)
            if inside is not None:
                return path, inside
        right = self._right_input(single, head)
        return None if right is None or not self._cannot_be(source, right) else (path, right)

    def _right_input(self, embeddings: dict[str, Shape], head: Value) -> str | None:
        """The token embedding that fits the head which the output getter returns; the first one where there
        is no head at all to fit."""
        model, found = self._untied.model, self._vocabulary_untied
        if model is None or found is None:
            return None
        if not found.heads and head is None:
            return next(iter(embeddings), None)
        shape = found.heads.get(module_tree.path_of(model, head) or "") if isinstance(head, Module) else None
        return next((name for name, size in embeddings.items() if size == shape), None)

    def _cannot_be(self, module: Module | Param, embedding: str) -> bool:
        """Whether a module certainly has no weight, or one of another shape than an embedding."""
        model = self._untied.model
        weight = None if model is None else weight_of(module_tree.submodule(model, embedding))
        return weight is not None and self._cannot_tie(module, weight)

    @property
    def input_path(self) -> str | None:
        """Where ``get_input_embeddings()`` leads, be it a parameter."""
        model, source = self._untied.model, self._untied_ends[0]
        if model is None or not isinstance(source, Module | Param):
            return None
        return (
            module_tree.path_of(model, source)
            if isinstance(source, Module)
            else module_tree.name_of(model, source)
        )

    def same_embeddings(self, path: str) -> list[str]:
        """The token embeddings that have one weight with that at a path before the library ties anything, in
        the order of the model, but for that one."""
        model, found = self._untied.model, self._vocabulary_untied
        if model is None or found is None:
            return []
        weight = weight_of(module_tree.submodule(model, path))
        weights = {
            name: weight_of(module_tree.submodule(model, name)) for name in found.embeddings if name != path
        }
        return [name for name, other in weights.items() if other is weight and other is not None]

    @cached_property
    def _untied_ends(self) -> tuple[Value, Value]:
        """What the getters of the untied model return."""
        return self._ends_of(self._untied)

    def _ends_of(self, built: Construction) -> tuple[Value, Value]:
        """What ``get_input_embeddings()`` and ``get_output_embeddings()`` of a construction return."""
        source = self.attempt(lambda: self.interp.call_method(built.model, "get_input_embeddings"))
        head = self.attempt(lambda: self.interp.call_method(built.model, "get_output_embeddings"))
        return source, head

    @cached_property
    def _vocabulary_untied(self) -> Vocabulary | None:
        model = self._untied.model
        if model is None or self._untied is self._built:
            return None if model is None else self._vocabulary
        return vocabulary(self.interp, self.cls, model, False)

    @property
    def head_is_tied(self) -> bool:
        """Whether the vocabulary head shares its weight with what ``get_input_embeddings()`` returns."""
        return self._ties_head(self._built) is True

    @property
    def head_is_tied_when_asked(self) -> bool:
        """Whether it does so under a config that says to tie, by its defaults where those say so."""
        return self.head_is_tied or (self.asks_by_default is False and self._ties_head(self._tied) is True)

    @property
    def head_is_tied_anyway(self) -> bool | None:
        """Whether it does so under a config that says not to tie."""
        return self._ties_head(self._untied)

    def _ties_head(self, built: Construction) -> bool | None:
        model, path = built.model, self.vocabulary_head
        if model is None or path is None:
            return None
        source = weight_of(self.attempt(lambda: self.interp.call_method(model, "get_input_embeddings")))
        return source is not None and weight_of(module_tree.submodule(model, path)) is source

    @cached_property
    def token_embedding(self) -> str | None:
        """The dotted path of a token embedding that the class makes itself, unless it is but a component."""
        found = self._vocabulary
        own = None if found is None else next((p for p in found.embeddings if p not in found.nested), None)
        return None if own is None or self.is_component else own

    @cached_property
    def unreached_embedding(self) -> str | None:
        """The dotted path of a token embedding that this class's ``get_input_embeddings`` should return,
        where it does not and this is the class to mend. A list of them only where something comes of it."""
        known = self._vocabulary
        if self.input_getter == "works" or (known is not None and not known.embeddings):
            return None
        found = self._embedding_set or self._embedding_asked_for
        useless = known is not None and found == known.list_of_embeddings and self.list_of_embeddings is None
        return None if useless and not self.fails else found

    @cached_property
    def _embedding_asked_for(self) -> str | None:
        """The one that models of the file ask for in vain. With a wrong prefix nothing is asked."""
        if self._is_misled or self._resizes_without("get_input_embeddings"):
            return None
        return unreached_embedding(self.interp, self.cls, model_classes(self.cls.scope))

    @cached_property
    def _embedding_set(self) -> str | None:
        """What the class's own ``set_input_embeddings`` sets, a token embedding or a module around one, where
        it has no getter of its own beside it."""
        found, names = self._vocabulary, ("get_input_embeddings", "set_input_embeddings")
        if self.input_getter is None or found is None or [*map(self.declares, names)] != [False, True]:
            return None
        model = construct(self.interp, self.cls, False).model  # it is changed
        one = None if model is None else module_tree.submodule(model, next(iter(found.embeddings), ""))
        if model is None or not isinstance(one, Module):
            return None
        path = where_set(self.interp, model, "input_embeddings", one)
        return path if path and any(f"{name}.".startswith(f"{path}.") for name in found.embeddings) else None

    @property
    def sets_what_none_asks_for(self) -> bool:
        """Whether the only sign of :attr:`unreached_embedding` is the class's own setter."""
        return self.unreached_embedding is not None and self._embedding_asked_for is None

    @property
    def resizes_itself(self) -> bool:
        """Whether code of the model's own does what the library would need the getters for."""
        bodies = self._resizing
        return bool(bodies) and not self.fails and not any(calls_super(b, RESIZE) for b in bodies)

    def _resizes_without(self, accessor: str) -> bool:
        """Whether that code does not ask for an accessor of the model either."""
        return self.resizes_itself and not any(calls_own(body, accessor) for body in self._resizing)

    @property
    def _resizing(self) -> list[Any]:
        """The bodies of the model's own code that resizes; empty where it has none."""
        owner = self._owner(RESIZE)
        methods = [] if owner is None else [owner.method(RESIZE), owner.method(f"_{RESIZE}")]
        return [facts.body for facts in methods if facts is not None]

    @property
    def _is_misled(self) -> bool:
        """Whether what is inherited looks for the backbone where it is not, which is the defect to mend."""
        if self.prefix in self._held_models(self.cls):
            return False
        return bool(self._held_backbones(self.cls) if self.prefix else self._held_relatives(self.cls))

    @cached_property
    def _standing(self) -> Construction:
        """The model as its config says or, where that cannot be built, untied, or else without what
        ``post_init()`` does to it."""
        if self._built.model is not None or self._untied.model is not None:
            return self._built if self._built.model is not None else self._untied
        return construct(self.interp, self.cls, False, deferred=True)

    @property
    def _ends(self) -> tuple[Param | None, Param | None]:
        """The weights that the getters of the built model lead to, before the library tied them."""
        source = weight_of(self._getter("get_input_embeddings")[1])
        head = self._getter("get_output_embeddings")[1]
        before = [one.before for one in self._built.events if isinstance(one, Tied) and one.head is head]
        return source, before[0] if before else weight_of(head)

    @cached_property
    def _ends_fit(self) -> bool:
        """Whether both getters of the built model lead to weights of one known shape."""
        one, two = self._ends
        return one is not None and two is not None and fit(one, two)


def weight_of(module: Value) -> Param | None:
    weight = module.attrs.get("weight") if isinstance(module, Module) else None
    return weight if isinstance(weight, Param) else None


def _is_model(value: Value) -> bool:
    return isinstance(value, Module) and isinstance(value.cls, Class) and value.cls.is_model


def fit(one: Param, two: Param) -> bool:
    """Whether two weights have one shape; a size that the config leaves to the tokenizer equals itself."""
    shape = one.shape
    return shape is not None and shape == two.shape and all(n is None or isinstance(n, int) for n in shape)


def _differ(one: Param, two: Param) -> bool:
    """Whether two weights have different shapes, both known."""
    return _known(one.shape) and _known(two.shape) and one.shape != two.shape


def _known(shape: tuple[Value, ...] | None) -> bool:
    return shape is not None and all(isinstance(size, int) for size in shape)


def _is_within(path: str | None, whole: str) -> bool:
    """Whether a path is that of a module or of something in it."""
    return path is None or path == whole or path.startswith(f"{whole}.")
