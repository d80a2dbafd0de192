"""Models, and classes that look like models, with a base that was not found: nobody can say what they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.cause import Cause
from tie_lint.interpreter.base_values import External
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.roots import READ_PACKAGES
from tie_lint.python.nodes import Attr, Call
from tie_lint.python.walk import calls, is_name, walk

if TYPE_CHECKING:
    from tie_lint.project.project import Project
    from tie_lint.project.scope import Scope

ATTRIBUTES = frozenset({"_tied_weights_keys", "base_model_prefix"})
"""What only models declare."""
METHODS = frozenset(
    {
        *("get_input_embeddings", "set_input_embeddings", "get_output_embeddings", "set_output_embeddings"),
        *("tie_weights", "_tie_weights", "_init_weights"),
    }
)
"""What only models define."""
FINISHING = frozenset({"post_init", "init_weights"})
"""What only models call of themselves."""
NOT_TORCH = frozenset({"tensorflow", "keras", "tf_keras", "flax", "jax", "mlx"})
"""Packages whose classes are no modules of torch."""


def unresolved_models(project: Project, scope: Scope) -> Iterator[tuple[Class, Cause]]:
    """Yield the classes of a module that are models, or look like models, and have a base that was not found,
    in source order.

    One looks like a model by what its body has, or by a base that it has in common with one that does.
    """
    missing = {cls: base for cls in scope.classes() if (base := missing_base(project, cls)) is not None}
    of_models = {base for cls, base in missing.items() if cls.is_model or _looks_like_model(cls)}
    for cls, base in missing.items():
        if base in of_models:
            line = cls.facts.at[0] if cls.facts.at else None
            yield cls, Cause(_said_of(base, project.release), str(scope.path), line)


def _said_of(base: str, release: str) -> str:
    package, _, rest = base.partition(".")
    if package == "transformers":
        return f"its base {rest.rpartition('.')[2]} is not in transformers {release} ({base})"
    module, _, name = base.rpartition(".")
    return f"its base {name} was not found{f' in {module}' if module else ''}"


def missing_base(project: Project, cls: Class) -> str | None:
    """Return the first class above one that was not found, if that may be a model; of a model, the first that
    the library does not have: importing its file fails."""
    if cls.is_config or (cls.is_module and not cls.is_model):
        return None
    for item in cls.mro:
        if isinstance(item, External):
            package = item.name.partition(".")[0]
            if package == "transformers":
                if project.library.exported_from(package, item.leaf):
                    continue  # a class of the library that has nothing to do with torch
            elif cls.is_model or package in READ_PACKAGES or package in NOT_TORCH:
                continue
            return item.name
    return None


def _looks_like_model(cls: Class) -> bool:
    local = [item for item in cls.mro if isinstance(item, Class)]
    return any(_body_looks_like_model(item) for item in local)


def _body_looks_like_model(cls: Class) -> bool:
    own = cls.own()
    if not own.keys().isdisjoint(ATTRIBUTES | METHODS):
        return True
    facts = cls.facts.method("__init__")
    if facts is None:
        return False
    called = list(calls(facts.body))
    if any(_finishes(call) for call in called):
        return True
    sized = any(isinstance(node, Attr) and node.name.endswith("vocab_size") for node in walk(facts.body))
    return sized and any(_hands_on_config(call) for call in called)


def _finishes(call: Call) -> bool:
    """Whether a call is ``self.post_init()`` or what did its work before there was one."""
    function = call.function
    return isinstance(function, Attr) and function.name in FINISHING and is_name(function.base, "self")


def _hands_on_config(call: Call) -> bool:
    """Whether a call is ``super().__init__(config)``."""
    function = call.function
    return (
        isinstance(function, Attr)
        and function.name == "__init__"
        and isinstance(function.base, Call)
        and is_name(function.base.function, "super")
        and any(is_name(argument, "config") for argument in call.args)
    )
