"""Getters that return something else than the token embedding and the vocabulary head."""

from __future__ import annotations

from functools import cached_property

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.built_model import BuiltModels
from tie_lint.tiemap.embeddings import Embeddings, leads_to
from tie_lint.tiemap.resize_code import ResizeCode
from tie_lint.tiemap.tied_keys import expanded_keys, matching
from tie_lint.tiemap.vocabulary import Shape
from tie_lint.tiemap.weights import differ, weight_of


class WrongEmbeddings:
    """Where the getters lead when that is wrong, and where they should lead."""

    def __init__(self, models: BuiltModels, embeddings: Embeddings, resize_code: ResizeCode) -> None:
        self._models, self._embeddings, self._resize_code = models, embeddings, resize_code
        self._interp, self._cls = models.interp, models.cls

    # -- the output -----------------------------------------------------------------------------------

    @cached_property
    def output(self) -> str | None:
        """Where ``get_output_embeddings()`` leads when that is not the vocabulary head; else None."""
        (source, head), model = self._embeddings.untied_ends, self._models.untied.model
        found, tied_to, right = self._embeddings.untied_vocabulary, weight_of(source), self.right_head
        if found is None or model is None or not isinstance(head, Module) or not right:
            return None
        path = module_tree.path_of(model, head)
        if tied_to is None:
            return None if _is_within(path, right) else path
        wrong = self._cannot_tie(head, tied_to) or (weight_of(head) is tied_to and self._declares_right_head)
        return path if wrong and path not in found.heads and path not in found.unfit else None

    @cached_property
    def of_other_rows(self) -> tuple[str, Shape, int] | None:
        """Where the code's own ``get_output_embeddings()`` leads when that is a module with another number of
        rows than the embedding, which follows no vocabulary, in a model without a vocabulary head; with its
        shape and the size of the vocabulary. What a mapping ties all the same is not meant."""
        if self._models.owner(End.OUTPUT.getter) is None:
            return None
        if self._interp.contract.ties_by == "keys" and self._ties_output:
            return None
        (source, head), model = self._embeddings.untied_ends, self._models.untied.model
        found, table, weight = self._embeddings.untied_vocabulary, weight_of(source), weight_of(head)
        if found is None or model is None or table is None or weight is None or self.right_head is not None:
            return None
        path = module_tree.path_of(model, head) if isinstance(head, Module) else None
        if not path or path in {**found.heads, **found.embeddings, **found.others}:
            return None
        if self._embeddings.input_path not in found.embeddings:
            return None
        match weight.shape, table.shape:
            case (int(rows), _), (int(tokens), _) if rows != tokens:
                return path, weight.shape, tokens
        return None

    @property
    def _ties_output(self) -> bool:
        """Whether a mapping ties what ``get_output_embeddings()`` of the model returns."""
        model, head = self._models.untied.model, self._embeddings.untied_ends[1]
        path = module_tree.path_of(model, head) if model is not None and isinstance(head, Module) else None
        asked = self._models.tied.model
        return asked is not None and f"{path}.weight" in expanded_keys(asked)

    @cached_property
    def right_head(self) -> str | None:
        """The dotted path of the head, or list of heads, that ``get_output_embeddings()`` should return."""
        found, end = self._embeddings.untied_vocabulary, self._embeddings.untied_ends[0]
        source = weight_of(end)
        if found is not None and leads_to(
            self._models.untied.model, end, self._embeddings.list_of_embeddings
        ):
            return found.list_of_heads
        if found is None or source is None:
            return None
        single = (path for path in found.heads if not found.is_one_of_several(path))
        fitting = next((path for path in single if found.heads[path] == source.shape), None)
        return fitting or (found.sole_unfit_head if self._embeddings.input_path in found.embeddings else None)

    @property
    def _declares_right_head(self) -> bool:
        """Whether ``_tied_weights_keys`` names the head that the output getter should return, which is apart
        from the input embedding before the library ties anything."""
        model = self._models.untied.model
        keys = self._models.attempt(lambda: get_attr(self._interp, self._cls, "_tied_weights_keys"))
        if self.right_head is None or model is None or not isinstance(keys, list | tuple | dict):
            return False
        apart = weight_of(module_tree.submodule(model, self.right_head))
        named = matching([key for key in keys if isinstance(key, str)], f"{self.right_head}.weight")
        return bool(named) and apart is not weight_of(self._embeddings.untied_ends[0])

    # -- the input ------------------------------------------------------------------------------------

    @cached_property
    def input(self) -> tuple[str, str] | None:
        """Where ``get_input_embeddings()`` leads when that is not the token embedding of the vocabulary head
        that ``get_output_embeddings()`` returns, or is but a module around one, and where it should lead."""
        source, head = self._embeddings.untied_ends
        model, found = self._models.untied.model, self._embeddings.untied_vocabulary
        path = self._embeddings.input_path
        if model is None or found is None or path is None or path in found.embeddings:
            return None
        listed = self._embeddings.list_of_embeddings
        if listed is not None and leads_to(model, head, found.list_of_heads):
            return None if _is_within(path, listed) else (path, listed)
        if self._resize_code.replaces_library and not _is_model(source):
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
        """The token embedding that fits the head which the output getter returns; the first one where it
        returns none, and no head there is fits another."""
        model, found = self._models.untied.model, self._embeddings.untied_vocabulary
        if model is None or found is None:
            return None
        if head is None and (not found.heads or len({*embeddings.values(), *found.heads.values()}) == 1):
            return next(iter(embeddings), None)
        shape = found.heads.get(module_tree.path_of(model, head) or "") if isinstance(head, Module) else None
        return next((name for name, size in embeddings.items() if size == shape), None)

    def _cannot_be(self, module: Module | Param, embedding: str) -> bool:
        """Whether a module certainly has no weight, or one of another shape than an embedding."""
        model = self._models.untied.model
        weight = None if model is None else weight_of(module_tree.submodule(model, embedding))
        return weight is not None and self._cannot_tie(module, weight)

    def _cannot_tie(self, module: Module | Param, other: Param) -> bool:
        """Whether a module certainly has no weight, or one of another shape."""
        weight = weight_of(module)
        if weight is None:
            return self._is_weightless(module)
        return differ(weight, other) or (isinstance(module, Module) and _is_convolution(module))

    def _is_weightless(self, module: Module | Param) -> bool:
        if isinstance(module, Param):
            return True
        if "weight" in module.attrs or module.hidden_as("weight") is not None:
            return False
        cls = module.cls
        if not isinstance(cls, Class):
            return True
        return next(cls.foreign_bases(), None) is None and lookup(cls, "weight") is None


def _is_convolution(module: Module) -> bool:
    """Whether a module's weight has more than the two dimensions of a table."""
    names = module.cls.names if isinstance(module.cls, Class) else {module.cls.name}
    return any(name.startswith("torch.nn.Conv") for name in names)


def _is_model(value: Value) -> bool:
    return isinstance(value, Module) and isinstance(value.cls, Class) and value.cls.is_model


def _is_within(path: str | None, whole: str) -> bool:
    """Whether a path is that of a module or of something in it."""
    return path is None or path == whole or path.startswith(f"{whole}.")
