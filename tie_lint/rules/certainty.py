"""When a fix is certain: nothing in the text suggests that its author may mean something else."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tie_lint.edits.accessors import expression, is_set_so_elsewhere, takers
from tie_lint.edits.source import Source
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.remedies.accessors import aliases_of, embeddings_alike, embeddings_apart, replaces_more

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


def is_whole_setter(view: ModelView, source: Source, head: str) -> bool:
    """Return whether a new ``set_output_embeddings`` need do no more than assign the head and what shares a
    parameter with it: nothing else is affected, or another class of the file does just that.
    """
    aliases = aliases_of(view, head)
    return not replaces_more(view, head) or is_set_so_elsewhere(
        source, "set_output_embeddings", head, aliases
    )


def agrees_with_setter(view: ModelView, cls: ast.ClassDef, embedding: str) -> bool:
    """Return whether a getter that returns an embedding agrees with the class's own setter.

    It does not where the setter gives the new embedding to several modules or to another one, and where
    several modules have that weight: any of them may be meant.
    """
    taken, setter = takers(cls, "set_input_embeddings"), ".set_input_embeddings"
    if taken == [expression(embedding)]:
        return True
    return not embeddings_alike(view, embedding) and (
        not taken or (len(taken) == 1 and taken[0].endswith(setter))
    )


def belongs_to_submodel(view: ModelView, source: Source, path: str) -> bool:
    """Return whether a module lies in a model of another file that this one does not name.

    The config may decide which model that is, and other models name their parts otherwise.
    """
    model, known = view.models.untied.model, [view.cls.scope]
    held = (
        []
        if model is None
        else [module_tree.submodule(model, above) for above in module_tree.around(path)[1:]]
    )
    classes = [part.cls for part in held if isinstance(part, Module)]
    models = [cls for cls in classes if isinstance(cls, Class) and cls.is_model]
    known += [cls.scope for cls in models if source.name_bound(cls.leaf)]
    return any(cls.scope not in known for cls in models)


def is_one_of_several_inside(view: ModelView, embedding: str) -> bool:
    """Return whether a model inside holds an embedding, and others of that size are apart from it: the text
    does not say which of them is the model's.
    """
    found = view.embeddings.vocabulary
    return found is not None and embedding in found.nested and bool(embeddings_apart(view, embedding))
