"""The chain that makes a tie: six links, and whether each holds in one model class under one release.

Up to 4.57 the getters tie and ``_tied_weights_keys`` only lets ``save_pretrained`` leave out a name. From 5.0
on the mapping ties, and the getters serve ``resize_token_embeddings`` alone. Each link says what it serves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal, get_args

from tie_lint.interpreter.base_values import Unknown, Value
from tie_lint.interpreter.classes import Class, definer
from tie_lint.interpreter.values import Instance, Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers.trace import FLAG, PostInit
from tie_lint.record import NamedTuple
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.embeddings import Getter
from tie_lint.tiemap.places import Place, place_of_attribute, place_of_default
from tie_lint.tiemap.post_init import Reached
from tie_lint.tiemap.unmatched_keys import KeySide
from tie_lint.tiemap.weights import differ, weight_of

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView

LinkName = Literal[
    "config",
    "base_model_prefix",
    "get_input_embeddings",
    "get_output_embeddings",
    "_tied_weights_keys",
    "post_init",
]
Service = Literal["tie", "save", "load", "resize"]
Holds = bool | None | Literal["unneeded"]
"""Whether a link holds; None where it is not known, and ``"unneeded"`` where the model has nothing to tie."""


class Link(NamedTuple):
    """One link of the chain."""

    name: LinkName
    holds: Holds
    text: str
    """What the source says, as code where it is code."""
    serves: tuple[Service, ...]
    """What it is for in this release."""
    place: Place | None
    """Where the source says so; None where nothing does."""


OF_THE_PART = frozenset({"config", "_tied_weights_keys", "post_init"})
"""The links that hold in a model inside where that ties its own two ends."""


def chain(view: ModelView) -> list[Link]:
    """Return the links of a model class in the order in which a tie comes about."""
    links, part = _own_chain(view), _part_that_ties(view)
    if part is None:
        return links
    path, cls = part
    inside = {link.name: link for link in _own_chain(view.of(cls)) if link.name in OF_THE_PART}
    return [
        inside[link.name]._replace(text=f"{path}: {inside[link.name].text}")
        if link.name in inside and inside[link.name].holds is True
        else link
        for link in links
    ]


BEYOND = "unknown, it is beyond the bounds of a run"


def unfollowed() -> list[Link]:
    """Return the links of a class of which nothing could be followed within the bounds."""
    return [Link(name, None, BEYOND, (), None) for name in get_args(LinkName)]


def _within_bounds(view: ModelView, work: Callable[[ModelView], tuple[Holds, str]]) -> tuple[Holds, str]:
    return view.attempt(lambda: work(view)) or (None, BEYOND)


def _part_that_ties(view: ModelView) -> tuple[str, Class] | None:
    """The innermost model inside this one that holds both of what this one hands out, with its path, where
    these are tied and this one declares nothing itself."""
    model, head, source = view.models.default.model, view.embeddings.head, view.embeddings.input_path
    if model is None or head is None or not source or view.tied_keys.value or not view.ties.head_is_tied:
        return None
    both = [path for path in module_tree.around(head)[1:] if module_tree.is_below(source, path)]
    for path in reversed(both):
        part = module_tree.submodule(model, path)
        if isinstance(part, Module) and isinstance(part.cls, Class) and part.cls.is_model:
            return path, part.cls
    return None


def _own_chain(view: ModelView) -> list[Link]:
    by_getters = view.interp.contract.ties_by == "getters"
    ends: tuple[Service, ...] = ("tie", "resize") if by_getters else ("resize",)
    keys: tuple[Service, ...] = ("save",) if by_getters else ("tie", "save", "load")
    return [
        Link("config", *_within_bounds(view, _config), ("tie",), _place_of_flag(view)),
        Link(
            "base_model_prefix",
            *_within_bounds(view, _prefix),
            ("load",),
            _declared(view, "base_model_prefix"),
        ),
        Link("get_input_embeddings", *_within_bounds(view, _input), ends, _declared(view, End.INPUT.getter)),
        Link(
            "get_output_embeddings", *_within_bounds(view, _output), ends, _declared(view, End.OUTPUT.getter)
        ),
        Link("_tied_weights_keys", *_within_bounds(view, _keys), keys, _place_of_keys(view)),
        Link("post_init", *_within_bounds(view, _post_init), ("tie",), _place_of_post_init(view)),
    ]


def raising(view: ModelView) -> tuple[bool | None, str] | None:
    """Return what is to be said where building the model raises: that it does, or that it may."""
    built = view.models.default
    if built.certain_error is not None:
        return False, f"construction raises {built.certain_error.text}"
    return None if built.raised is None else (None, f"construction may raise {built.raised}")


def has_ends(view: ModelView) -> bool | None:
    """Return whether the model has anything to tie: a vocabulary head, or parameters that are shared."""
    head, tied = view.embeddings.has_head, view.ties.when_asked
    if head or tied:
        return True
    return None if head is None or tied is None else bool(view.tied_keys.value)


def _unless_needless(view: ModelView, holds: bool | None) -> Holds:
    """A link that does not hold matters only where the model has something to tie."""
    return "unneeded" if not holds and has_ends(view) is False else holds


def _declared(view: ModelView, name: str) -> Place | None:
    return place_of_attribute(view.cls, name)


# -- the config -----------------------------------------------------------------------------------------


def _config(view: ModelView) -> tuple[Holds, str]:
    asks, found = view.config.asks_by_default, flag_holder(view)
    name = view.config.name if found is None else found.cls.leaf
    if view.config.has_no_flag:
        text = f"{name} says nothing, which reads as {view.interp.contract.tie_flag_default}"
    else:
        text = f"{name}.{FLAG}={'unknown' if asks is None else asks}"
    return _unless_needless(view, asks), text


def flag_holder(view: ModelView) -> Instance | None:
    """Return the config whose ``tie_word_embeddings`` counts: the model's, or that of its text."""
    model, interp = view.models.available.model, view.interp
    config = None if model is None else model.attrs.get("config")
    if interp.contract.tie_flag_source == "text_config" and isinstance(config, Instance):
        inner = view.attempt(lambda: interp.call_method(config, "get_text_config", decoder=True))
        config = inner if isinstance(inner, Instance) else config
    return config if isinstance(config, Instance) else None


def _place_of_flag(view: ModelView) -> Place | None:
    holder = flag_holder(view)
    cls = holder.cls if holder is not None else view.config.config_class
    return None if cls is None else place_of_default(cls, FLAG) or Place.of(cls)


# -- the prefix -----------------------------------------------------------------------------------------


def _prefix(view: ModelView) -> tuple[Holds, str]:
    value, models = view.prefix.value, view.family.models_in(view.cls)
    if value in models:
        return True, f"{value!r}, self.{value} is {models[value][0].leaf}"
    if view.prefix.misleads:
        held = view.prefix.misnamed_backbone or next(iter(view.family.relatives))
        told = f"{value!r}, there is no self.{value}" if value else "none"
        return False, f"{told}: the backbone is self.{held}"
    if not value:
        return ("unneeded" if not view.family.relatives else None), "none, and no backbone to name"
    return _prefix_of_its_own(view, value)


def _prefix_of_its_own(view: ModelView, value: str) -> tuple[Holds, str]:
    """Of a prefix that names no model of the family in this one: whether it names anything here."""
    model = view.models.available.model
    held = Unknown("") if model is None else model.attrs.get(value)
    if isinstance(held, Unknown) or (held is None and model is not None and model.opaque):
        return None, f"{value!r}, unknown what self.{value} is"
    if isinstance(held, Module):
        return True, f"{value!r}, self.{value} is {held.cls.leaf}"
    return True, f"{value!r}, no such attribute: the model is its own base"


# -- the getters ----------------------------------------------------------------------------------------


def _led_to(view: ModelView, end: End) -> tuple[Getter | None, str]:
    """How a getter ends, and what it does, in words."""
    ending, found = view.embeddings.getter(end)
    model = view.models.available.model
    if ending is Getter.RAISES:
        return ending, "raises"
    if ending is None or model is None:
        return None, f"unknown, {found.why.text}" if isinstance(found, Unknown) else "unknown"
    path = _path(model, found)
    return ending, FOREIGN if path is None else f"returns {path}"


FOREIGN = "returns what is no part of the model"


def _path(model: Module, found: Value) -> str | None:
    """Where in a model something is, as its code writes it; None where it is not in it."""
    if found is None:
        return "None"
    if isinstance(found, Module):
        path = module_tree.path_of(model, found)
        return path and f"self.{path}" if path != "" else "self"
    name = module_tree.name_of(model, found) if isinstance(found, Param) else None
    return name and f"self.{name}"


def _input(view: ModelView) -> tuple[Holds, str]:
    ending, text = _led_to(view, End.INPUT)
    wrong, found = view.wrong_embeddings.input, view.embeddings.vocabulary
    if wrong is not None:
        return False, f"{text}, the token embedding is self.{wrong[1]}"
    if ending is Getter.WORKS:
        return text != FOREIGN, text
    if ending is None:
        return None, text
    embedding = None if found is None else next(iter(found.embeddings), None)
    if embedding is None:
        return _unless_needless(view, False if found is not None else None), text
    return False, f"{text}, the token embedding is self.{embedding}"


def _output(view: ModelView) -> tuple[Holds, str]:
    ending, text = _led_to(view, End.OUTPUT)
    head, wrong = view.embeddings.head, view.wrong_embeddings.output
    if wrong is not None or view.embeddings.output_getter is Getter.RETURNS_PARENT:
        return False, f"{text}, the head is self.{view.wrong_embeddings.right_head or head}"
    if ending is Getter.WORKS:
        if view.interp.contract.ties_by == "keys" and _ends_differ(view):
            return "unneeded", f"{text}, which is no end of a tie to the input embedding"
        return text != FOREIGN, text
    if ending is None or view.embeddings.has_head is None:
        return None, text
    if head is None:
        return "unneeded", f"{text}, the model has no head"
    return False, f"{text}, the head is self.{head}"


def _ends_differ(view: ModelView) -> bool:
    """Whether the two ends are no two ends of one tie: one has a weight and the other none, or of another
    shape."""
    one, two = map(weight_of, view.embeddings.untied_ends)
    return differ(one, two) if one is not None and two is not None else one is not two


# -- the declaration ------------------------------------------------------------------------------------


def _keys(view: ModelView) -> tuple[Holds, str]:
    value = view.tied_keys.value
    if isinstance(value, Unknown):
        return None, f"unknown, {value.why.text}"
    if not value:
        what = "none" if value is None else f"{value!r}: nothing is to tie"
        return _without_keys(view), what
    fault = next(_faults(view, value), None)
    if fault is not None:
        return False, f"{_shown(value)}, {fault}"
    return _keys_do(view), _shown(value)


def _without_keys(view: ModelView) -> Holds:
    """Whether the model does without a declaration."""
    if view.interp.contract.ties_by == "getters":
        saves = view.ties.saves_by_default if view.models.tied.model is None else view.ties.saves
        return "unneeded" if saves and not view.ties.when_asked else saves
    return _unless_needless(view, None if has_ends(view) is None else False)


def _faults(view: ModelView, value: Value) -> Iterator[str]:
    """Why a declaration does not do what it says."""
    if view.interp.contract.keys_form == "mapping" and not isinstance(value, dict):
        yield "a list, where a mapping is wanted"
    for one in view.tied_keys.unmatched:
        side = "target" if one.side is KeySide.TARGET else "source"
        near = f", the nearest is {one.nearest}" if one.nearest else ""
        yield f"{side} {one.entry} matches nothing{near}"
    if view.interp.contract.ties_by == "keys":
        for target, source in view.tied_keys.misordered:
            yield f"{source} is tied only after {target} was tied to it"


def _keys_do(view: ModelView) -> Holds:
    """Whether a declaration without faults does what this release reads it for."""
    if view.interp.contract.ties_by == "getters":
        return view.ties.saves
    if view.ties.missing is not False:
        return None if view.ties.missing is None else False
    groups = view.models.groups(view.models.tied)
    return None if groups is None else bool(groups)


def _place_of_keys(view: ModelView) -> Place | None:
    """Where the declaration stands: in a class, or in the ``__init__`` that sets it."""
    if view.tied_keys.value is None:
        return None
    model, init = view.models.default.model, place_of_attribute(view.cls, "__init__")
    set_by_init = model is not None and "_tied_weights_keys" in model.attrs
    return init if set_by_init else _declared(view, "_tied_weights_keys")


MOST_ENTRIES = 2


def _shown(value: Value) -> str:
    """The entries of a declaration, the first ones of many; of what has none, what it is."""
    if not isinstance(value, dict | list | tuple | set | frozenset):
        return repr(value) if isinstance(value, str | int | float) else "no list and no mapping"
    if isinstance(value, dict):
        entries = [f"{target} = {source}" for target, source in value.items()]
    else:
        entries = sorted(map(str, value)) if isinstance(value, set) else [str(item) for item in value]
    if len(entries) > MOST_ENTRIES:
        entries[MOST_ENTRIES:] = [f"{len(entries) - MOST_ENTRIES} more"]
    return ", ".join(entries)


# -- post_init() ----------------------------------------------------------------------------------------

_REACHED = {
    Reached.CONDITIONAL: "is reached only under a condition",
    Reached.OVERRIDDEN: "is another that does not call the library's",
    Reached.INIT_WEIGHTS: "is not called, init_weights() is",
    Reached.NEVER: "is never called",
}


def _post_init(view: ModelView) -> tuple[Holds, str]:
    failing, late = raising(view), view.lifecycle.late_modules
    if failing is not None:
        return failing
    reached = view.models.post_init
    if reached is None:
        return None, "unknown"
    if reached is not Reached.ALWAYS:
        suffices = reached is Reached.INIT_WEIGHTS and view.interp.contract.init_weights_suffices
        return suffices or _unless_needless(view, False), _REACHED[reached]
    if late:
        return False, f"is reached before self.{', self.'.join(late)}"
    if view.lifecycle.left_out_by_override:
        return False, "is reached, tie_weights() of its own leaves the tie out"
    if view.interp.contract.ties_by == "getters" and _ties_something_else(view):
        return False, "is reached, code of its own ties something else"
    return True, "is reached, after head and backbone"


def _ties_something_else(view: ModelView) -> bool:
    """Whether a ``tie_weights()`` of its own, or a hook, leaves what the getters hand out apart when it is
    asked to tie."""
    asked = view.models.default if view.config.asks_by_default else view.models.tied
    one, two = map(weight_of, view.embeddings.ends(asked))
    return one is not None and two is not None and one is not two


def _place_of_post_init(view: ModelView) -> Place | None:
    """Where the call stands that the class's own ``__init__`` makes, else where that method does."""
    owner = definer(view.cls, "__init__")
    facts = None if owner is None else owner.method("__init__")
    if owner is None or facts is None:
        return None
    if owner.scope.path is None:
        return Place.of(owner)  # whose facts have no spans
    spans = [one.at for one in view.models.default.events if isinstance(one, PostInit) and one.at]
    first, last = facts.extent[0], facts.extent[2]
    return Place.of(owner, next((at for at in reversed(spans) if first <= at[0] <= last), facts.at))
