"""The model view: everything a rule may ask of one model class under one release.

What is costly is found when first asked for. Each answer has three values: None stands for unknown, and
rules never report on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from tie_lint.model import configs, saving, tree
from tie_lint.model.auto import auto_model
from tie_lint.model.classes import PRETRAINED_MODEL, Class
from tie_lint.model.keys import Unmatched, unmatched
from tie_lint.model.objects import get_attr, lookup
from tie_lint.model.post_init import Reached, reaches_post_init
from tie_lint.model.sharing import may_matter
from tie_lint.model.tiemap import Construction, attempt, construct, is_tied
from tie_lint.model.unreached import unreached_embedding
from tie_lint.model.values import ExhaustedError, Instance, Module, Param, RaisedError, Unknown, Value
from tie_lint.model.vocabulary import Vocabulary, vocabulary
from tie_lint.python.facts import Span

if TYPE_CHECKING:
    from tie_lint.model.interpreter import Interpreter
    from tie_lint.model.project import Project, Scope

Role = Literal["init-base", "backbone", "downstream", "other"]
Getter = Literal["works", "returns-none", "returns-parent", "declines", "raises"]
T = TypeVar("T")


class ModelView:
    """One model class, seen under one release."""

    def __init__(self, run: Interpreter, cls: Class, path: Path) -> None:
        self.run, self.cls, self.path = run, cls, path
        self.name: str = cls.leaf
        self.at: Span = cls.facts.at
        self.target: str = run.project.library.release

    # -- construction ---------------------------------------------------------------------------------

    @cached_property
    def _built(self) -> Construction:
        """The model under its config's own defaults."""
        return construct(self.run, self.cls)

    @cached_property
    def _tied(self) -> Construction:
        """The model with ``tie_word_embeddings`` forced True, tied even where ``__init__`` forgets to."""
        built = self._built if is_tied(self._built) else construct(self.run, self.cls, True)
        model = built.model
        if model is not None and self.post_init != "always":
            attempt(self.run, lambda: self._tie_by_hand(model))
        return built

    @cached_property
    def _untied(self) -> Construction:
        """The model with ``tie_word_embeddings`` forced False: before the library ties anything."""
        return construct(self.run, self.cls, False)

    def _tie_by_hand(self, model: Module) -> None:
        if self.run.contract.ties_by == "keys":
            self.run.call_method(model, "post_init")
        else:
            self.run.call_method(model, "tie_weights")

    def attempt(self, work: Callable[[], T]) -> T | None:
        """The result of some work on the run; None where its bounds, or errors of the linted code, end it."""
        return attempt(self.run, work)

    # -- what it is -----------------------------------------------------------------------------------

    @cached_property
    def role(self) -> Role:
        """What the class is in its family."""
        if self.is_init_base and not self._holds_modules:
            return "init-base"
        if self._held_relatives(self.cls):
            return "downstream"
        if self.token_embedding:
            return "backbone"
        return "other"

    @property
    def is_init_base(self) -> bool:
        """Whether the class derives from ``PreTrainedModel`` itself."""
        return any(isinstance(base, Class) and base.name == PRETRAINED_MODEL for base in self.cls.bases)

    @cached_property
    def _holds_modules(self) -> bool:
        model = self._built.model
        return model is None or bool(self.attempt(model.children))

    @cached_property
    def _init_base_class(self) -> Class | None:
        for item in self.cls.mro:
            if isinstance(item, Class) and any(
                isinstance(base, Class) and base.name == PRETRAINED_MODEL for base in item.bases
            ):
                return item
        return None

    @property
    def init_base(self) -> str | None:
        """The name of the family's init base class."""
        return None if self._init_base_class is None else self._init_base_class.leaf

    @property
    def own_init(self) -> bool:
        """Whether the class defines ``__init__`` itself."""
        return self.cls.facts.has_method("__init__")

    # -- the prefix -----------------------------------------------------------------------------------

    @cached_property
    def lacks_prefix(self) -> str | None:
        """For an init base class: the attribute that the ``base_model_prefix`` it lacks should name.

        None where it has one, where the models built on this class and their backbone declare their own, or
        where those that do not hold the backbone under different names.
        """
        if self._has_prefix(self.cls) is not False or self.role != "init-base":
            return None
        held = [(cls, name) for cls in self._family for name in self._held_backbones(cls)]
        names = {name for cls, name in held if self._has_prefix(cls) is False}
        if any(self._has_prefix(self._held_relatives(cls)[name]) is False for cls, name in held):
            names = names or {name for _, name in held}
        return names.pop() if len(names) == 1 else None

    def _has_prefix(self, cls: Class) -> bool | None:
        value = self.attempt(lambda: get_attr(self.run, cls, "base_model_prefix"))
        return None if isinstance(value, Unknown) else bool(value)

    @property
    def _family(self) -> Iterator[Class]:
        """The other models of this module that derive from the same init base class."""
        for cls in model_classes(self.cls.scope):
            if cls is not self.cls and self._init_base_class in cls.mro:
                yield cls

    def _held_backbones(self, cls: Class) -> list[str]:
        """The attributes under which a class holds the backbone of its family.

        That is the class that ``AutoModel`` makes of its config, if it is of the family, or else the one
        relative that it holds in a family that has one config class only.
        """
        held, base = self._held_relatives(cls), self._init_base_class
        config = configs.config_class(self.run, cls)
        if not held or base is None or config is None:
            return []
        backbone = auto_model(self.run, config)
        if backbone is not None and base.name in backbone.names:
            return [name for name, child in held.items() if backbone.name in child.names]
        family = {configs.config_class(self.run, item) for item in [cls, *self._family]}
        return list(held) if len(family) == 1 and len(held) == 1 else []

    def _held_relatives(self, cls: Class) -> dict[str, Class]:
        """The models of its family that a class holds and that share its config class, by attribute."""
        base = self._init_base_class
        return {
            name: child
            for name, (child, shares_config) in self._held_models(cls).items()
            if shares_config and base is not None and base.name in child.names
        }

    def _held_models(self, cls: Class) -> dict[str, tuple[Class, bool]]:
        """The models that a class holds, by attribute, and whether they share its config class."""
        if "held" not in cls.kept:
            built = self._built if cls is self.cls else construct(self.run, cls)
            model = built.model or construct(self.run, cls, False).model  # tying may be what fails
            children = [] if model is None else self.attempt(model.children) or []
            config = None if model is None else _config_class(model.attrs.get("config"))
            cls.kept["held"] = {
                name: (child.cls, _config_class(child.attrs.get("config")) is config)
                for name, child in children
                if isinstance(child.cls, Class) and child.cls.is_model
            }
        held: dict[str, tuple[Class, bool]] = cls.kept["held"]
        return held

    @cached_property
    def misnamed_backbone(self) -> str | None:
        """The attribute that holds the family's backbone where ``base_model_prefix`` names another."""
        return self._misnamed(self.cls)

    @property
    def prefix(self) -> str:
        """The effective ``base_model_prefix``, empty where it is not known."""
        value = self.attempt(lambda: get_attr(self.run, self.cls, "base_model_prefix"))
        return value if isinstance(value, str) else ""

    @cached_property
    def family_misnames(self) -> str | None:
        """For an init base class that declares a prefix: the one attribute that all models of this module
        which hold the backbone hold it under instead; None where one of them goes by the prefix."""
        if not self.is_init_base or not self.declares("base_model_prefix") or self.role != "init-base":
            return None
        inherit = [cls for cls in self._family if "base_model_prefix" not in cls.own()]
        holders = [cls for cls in inherit if self._held_backbones(cls) and not self._is_base(cls)]
        names = {self._misnamed(cls) for cls in holders}
        return names.pop() if len(names) == 1 else None

    @property
    def init_base_misnames(self) -> bool:
        """Whether the init base class stands in this module and is where the wrong prefix is to be mended."""
        base = self._init_base_class
        if not self.has_init_base_here or base is None or self.declares("base_model_prefix"):
            return False
        return ModelView(self.run, base, self.path).family_misnames is not None

    def _is_base(self, cls: Class) -> bool:
        """Whether another model of the module holds the class as its base model."""
        return any(
            cls in child.mro
            for holder in model_classes(self.cls.scope)
            if holder is not cls
            for name, (child, _) in self._held_models(holder).items()
            if name == self.attempt(lambda holder=holder: get_attr(self.run, holder, "base_model_prefix"))  # type: ignore[misc]
        )

    def _misnamed(self, cls: Class) -> str | None:
        prefix = self.attempt(lambda: get_attr(self.run, cls, "base_model_prefix"))
        if not isinstance(prefix, str) or not prefix or prefix in self._held_models(cls):
            return None
        held = self._held_backbones(cls)
        return held[0] if len(held) == 1 and not self._is_base(cls) else None

    # -- the two ends ---------------------------------------------------------------------------------

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
        found = lookup(self.run, self.cls, method)
        owner = None if found is None else found[0]
        return owner if isinstance(owner, Class) and owner.name != PRETRAINED_MODEL else None

    def _holds_head(self, module: Value) -> bool:
        model, head = self._built.model, self.vocabulary_head
        if model is None or head is None or not isinstance(module, Module):
            return False
        return head.startswith(f"{tree.path_of(model, module)}.")

    def _declines(self, owner: Class, method: str) -> bool:
        if owner is self._init_base_class:
            return False
        facts = owner.method(method)
        return facts is not None and [stmt[0::2] for stmt in facts.body] == [["return", ["const", None]]]

    def _getter(self, name: str) -> tuple[Getter | None, Value]:
        model = self._built.model
        if model is None:
            return None, None
        depth, self.run.steps = self.run.depth, 0
        try:
            found = self.run.call_method(model, name)
        except RaisedError:
            return "raises", None
        except (ExhaustedError, RecursionError):
            return None, None
        finally:
            self.run.depth = depth
        if isinstance(found, Unknown):
            return None, found
        return ("returns-none", None) if found is None else ("works", found)

    @cached_property
    def _vocabulary(self) -> Vocabulary | None:
        return None if self._built.model is None else vocabulary(self.run, self.cls, self._built.model)

    @property
    def has_vocabulary_head(self) -> bool | None:
        """Whether the model holds a module whose weight has the shape of its embedding matrix."""
        return None if self._vocabulary is None else self.vocabulary_head is not None

    @cached_property
    def vocabulary_head(self) -> str | None:
        """The dotted path of the vocabulary head; None where there is none.

        The head of a model inside this one counts only where the embedding that this one hands out is its
        other end: a wrapper that hands out neither leaves both to the model inside.
        """
        found = self._vocabulary
        if found is None:
            return None
        source = _weight(self._getter("get_input_embeddings")[1])
        if source is not None:
            return next((path for path, shape in found.heads.items() if shape == source.shape), None)
        return next((path for path in found.heads if path not in found.nested), None)

    @cached_property
    def wrong_output(self) -> str | None:
        """Where ``get_output_embeddings()`` leads when that is not the vocabulary head; else None."""
        if not self.ends_differ:
            return None
        found, model = self._vocabulary_untied, self._untied.model
        head = self.attempt(lambda: self.run.call_method(model, "get_output_embeddings"))
        source = _weight(self.attempt(lambda: self.run.call_method(model, "get_input_embeddings")))
        weight = _weight(head)
        if found is None or model is None or weight is None or source is None or weight.shape == source.shape:
            return None
        if not self.right_head or not _known(weight.shape) or not _known(source.shape):
            return None
        return tree.path_of(model, head) if isinstance(head, Module) else None

    @cached_property
    def right_head(self) -> str | None:
        """The dotted path of the head that ``get_output_embeddings()`` should return."""
        found, model = self._vocabulary_untied, self._untied.model
        if found is None or model is None:
            return None
        source = _weight(self.attempt(lambda: self.run.call_method(model, "get_input_embeddings")))
        return next((p for p, shape in found.heads.items() if source and shape == source.shape), None)

    @cached_property
    def wrong_input(self) -> tuple[str, str] | None:
        """Where ``get_input_embeddings()`` leads when that is not the token embedding of the vocabulary head
        that ``get_output_embeddings()`` returns, and where it should lead; else None."""
        if not self.ends_differ:
            return None
        found, model = self._vocabulary_untied, self._untied.model
        if found is None or model is None:
            return None
        source = self.attempt(lambda: self.run.call_method(model, "get_input_embeddings"))
        head = self.attempt(lambda: self.run.call_method(model, "get_output_embeddings"))
        path = tree.path_of(model, source) if isinstance(source, Module) else None
        shape = found.heads.get(tree.path_of(model, head) or "") if isinstance(head, Module) else None
        right = next((p for p, size in found.embeddings.items() if size == shape), None)
        if not path or shape is None or right is None or path in found.embeddings:
            return None
        return path, right

    @cached_property
    def _vocabulary_untied(self) -> Vocabulary | None:
        model = self._untied.model
        return None if model is None else vocabulary(self.run, self.cls, model, False)

    @property
    def head_is_tied(self) -> bool:
        """Whether the vocabulary head shares its weight with what ``get_input_embeddings()`` returns."""
        model, path = self._built.model, self.vocabulary_head
        source = _weight(self._getter("get_input_embeddings")[1])
        head = None if model is None or path is None else tree.submodule(model, path)
        return source is not None and _weight(head) is source

    @cached_property
    def token_embedding(self) -> str | None:
        """The dotted path of a token embedding that the class makes itself, unless it is but a component."""
        found = self._vocabulary
        own = None if found is None else next((p for p in found.embeddings if p not in found.nested), None)
        return None if own is None or self.is_component else own

    @cached_property
    def unreached_embedding(self) -> str | None:
        """The dotted path of a token embedding that this class's ``get_input_embeddings`` should return,
        where it does not and this is the class to mend. With a wrong prefix nothing else is asked."""
        if self.input_getter == "works" or (self._vocabulary is not None and not self._vocabulary.embeddings):
            return None
        held = self._held_backbones(self.cls) if self.prefix else self._held_relatives(self.cls)
        if held and self.prefix not in self._held_models(self.cls):
            return None
        return unreached_embedding(self.run, self.cls, model_classes(self.cls.scope))

    @cached_property
    def is_component(self) -> bool:
        """Whether other models of this module hold the class, none of them as its base model."""
        held = [
            name == self.attempt(lambda cls=cls: get_attr(self.run, cls, "base_model_prefix"))  # type: ignore[misc]
            for cls in model_classes(self.cls.scope)
            if cls is not self.cls
            for name, (child, _) in self._held_models(cls).items()
            if self.cls in child.mro
        ]
        return bool(held) and not any(held)

    # -- tying ----------------------------------------------------------------------------------------

    @cached_property
    def _declared_keys(self) -> Value:
        """The effective ``_tied_weights_keys``; None where nobody declares them."""
        model = self._built.model
        target: Value = self.cls if model is None else model
        return self.attempt(lambda: get_attr(self.run, target, "_tied_weights_keys"))

    @property
    def tied_keys_declared(self) -> bool | None:
        """Whether the class or one that it derives from declares ``_tied_weights_keys``."""
        return None if isinstance(self._declared_keys, Unknown) else self._declared_keys is not None

    @cached_property
    def tied_keys_on_init_base(self) -> bool | None:
        """Whether the init base class itself declares ``_tied_weights_keys``."""
        base = self._init_base_class
        if base is None:
            return None
        value = self.attempt(lambda: get_attr(self.run, base, "_tied_weights_keys"))
        return None if isinstance(value, Unknown) else value is not None

    @property
    def tied_keys(self) -> Value:
        """The effective ``_tied_weights_keys`` as a value; None where nobody declares them."""
        return self._declared_keys

    @cached_property
    def refused(self) -> list[list[str]]:
        """The groups of shared names that stop ``save_pretrained`` once tied; empty where unknown."""
        model, groups = self._tied.model, self._shared(self._tied)
        if model is None or groups is None:
            return []
        return [
            group for group in self.attempt(lambda: saving.refused(self.run, model, groups)) or [] if group
        ]

    @cached_property
    def unmatched_keys(self) -> list[Unmatched]:
        """The entries of ``_tied_weights_keys`` that match no parameter."""
        built = self._untied if self._built.model is None or self.asks_by_default else self._built
        model = built.model
        if model is None or built.doubts or isinstance(self._declared_keys, Unknown):
            return []
        return self.attempt(lambda: unmatched(self.run, model, self._own_keys_of(model))) or []

    def _own_keys_of(self, model: Module) -> Value:
        return get_attr(self.run, model, "_tied_weights_keys")

    def declares(self, name: str) -> bool:
        """Whether the class's own body gives the attribute or method."""
        found = self.cls.own().get(name)
        return found is not None and found.kind != "bare"

    def place(self, name: str) -> Span:
        """Where the class's own body gives an attribute or method; the class's name where it does not."""
        found = self.cls.own().get(name)
        if found is None or found.kind == "bare":
            return self.at
        facts = self.cls.method(name) if found.kind == "method" else None
        span: Span = facts.at if facts is not None else found.at
        return span or self.at

    @cached_property
    def tie_weights_lacks(self) -> list[str]:
        """The arguments that the library passes to ``tie_weights`` and the class's own cannot take."""
        facts = self.cls.method("tie_weights") if self.declares("tie_weights") else None
        if facts is None or any(kind == "**" for _, kind, _, _ in facts.params):
            return []
        taken = {name for name, kind, _, _ in facts.params if kind in ("pos", "kw")}
        return [name for name in self.run.contract.tie_weights_arguments if name not in taken]

    @cached_property
    def ties_when_asked(self) -> bool | None:
        """Whether the model ties weights, or should and cannot, under a config that asks for it."""
        groups = self._shared(self._tied)
        return None if groups is None else bool(groups) or bool(self.misses_tie)

    @cached_property
    def family_ties(self) -> bool:
        """For an init base class: whether a model of its family in this module ties when asked."""
        return any(ModelView(self.run, cls, self.path).ties_when_asked for cls in self._family)

    @property
    def has_init_base_here(self) -> bool:
        """Whether the family's init base class stands in the same module, as another class."""
        base = self._init_base_class
        return base is not None and base is not self.cls and base.scope is self.cls.scope

    @cached_property
    def post_init_ties(self) -> bool | None:
        """Whether the tie is missing after construction and ``post_init()`` would make it."""
        bare, tied = self._shared(construct(self.run, self.cls, True)), self._shared(self._tied)
        return None if bare is None or tied is None else bare != tied

    @cached_property
    def saves(self) -> bool | None:
        """Whether ``save_pretrained`` accepts the model once it is tied."""
        mapping_without_keys = self.run.contract.ties_by == "keys" and self.tied_keys_declared is False
        return self._saves(self._built if mapping_without_keys else self._tied)

    @cached_property
    def saves_by_default(self) -> bool | None:
        """Whether ``save_pretrained`` accepts the model as its config's defaults make it."""
        return self._saves(self._built)

    def _saves(self, built: Construction) -> bool | None:
        model, groups = built.model, self._shared(built)
        if model is None or groups is None:
            return None
        return self.attempt(lambda: saving.saves(self.run, model, groups))

    def _shared(self, built: Construction) -> list[list[str]] | None:
        """The groups of parameter names that are one object; None where not all is known."""
        model = built.model
        if model is None or built.doubts:
            return None

        def enter(module: Module) -> bool:
            return may_matter(self.run, module)

        if self.attempt(lambda: tree.holes(model, enter)) != []:
            return None
        return self.attempt(lambda: tree.shared_parameters(model, enter))

    @cached_property
    def misses_tie(self) -> bool | None:
        """Whether a config that asks for a tie gets none although the model has both ends of one shape.

        A config class that has no ``tie_word_embeddings`` offers no tie to ask for.
        """
        if self._flag(self._built) is None:
            return False
        if self._hands_out_idle_embedding:
            return True
        if not self._ends_fit:
            return False
        model = self._tied.model
        if model is None or self._shared(self._tied) is None:
            return None
        source = self.attempt(lambda: self.run.call_method(model, "get_input_embeddings"))
        head = self.attempt(lambda: self.run.call_method(model, "get_output_embeddings"))
        one, two = _weight(source), _weight(head)
        if one is None or two is None or one is two:
            return False
        return _fit(one, two)

    @property
    def _hands_out_idle_embedding(self) -> bool:
        """Whether the embedding that the model makes and hands out is used by none of the models of its
        family that it holds, which have their own of that shape, where keys would have tied them."""
        model, found = self._tied.model, self._vocabulary
        if self.run.contract.ties_by != "keys" or model is None or found is None:
            return False
        source = self.attempt(lambda: self.run.call_method(model, "get_input_embeddings"))
        path = tree.path_of(model, source) if isinstance(source, Module) else None
        if path not in found.embeddings or path in found.nested:
            return False
        relatives, shape = self._held_relatives(self.cls), found.embeddings[path]
        inside = [
            p for p, size in found.embeddings.items() if p.partition(".")[0] in relatives and size == shape
        ]
        return bool(inside) and all(_weight(tree.submodule(model, p)) is not _weight(source) for p in inside)

    @cached_property
    def _ends_fit(self) -> bool:
        """Whether both getters of the built model lead to weights of one known shape."""
        one, two = self._ends
        return one is not None and two is not None and _fit(one, two)

    @property
    def _ends(self) -> tuple[Param | None, Param | None]:
        """The weights that the getters of the built model lead to, before the library tied them."""
        source = _weight(self._getter("get_input_embeddings")[1])
        head = self._getter("get_output_embeddings")[1]
        before = [weight for name, module, weight in self._built.events if name == "tied" and module is head]
        return source, before[0] if before else _weight(head)

    @cached_property
    def ends_differ(self) -> bool:
        """Whether both getters lead to weights, and these had different shapes before any tie."""
        one, two = self._ends
        if one is None or two is None or not _known(one.shape) or not _known(two.shape):
            return False
        return one.shape != two.shape

    @cached_property
    def asks_by_default(self) -> bool | None:
        """Whether the config's own default is to tie."""
        flag = self._flag(self._built)
        return None if isinstance(flag, Unknown) else bool(flag)

    def _flag(self, built: Construction) -> Value:
        """The config's own ``tie_word_embeddings``; None where it has none and that reads as False."""
        config = None if built.model is None else built.model.attrs.get("config")
        if not isinstance(config, Instance):
            return Unknown("the config")
        try:
            return get_attr(self.run, config, "tie_word_embeddings")
        except RaisedError:
            return True if self.run.contract.tie_flag_default else None

    @property
    def can_be_asked(self) -> bool:
        """Whether the config offers ``tie_word_embeddings``, whatever its default."""
        return self._flag(self._built if self._built.model is not None else self._untied) is not None

    @cached_property
    def opts_out(self) -> bool | None:
        """Whether the model says on purpose that it does not tie.

        Its config stays at ``tie_word_embeddings=False`` even when asked for True, or refuses it; or, where
        a mapping does the tying, the mapping is empty.
        """
        if self.run.contract.ties_by == "keys" and self._declared_keys == {}:
            return True
        if self.asks_by_default is not False:
            return None if self.asks_by_default is None else False
        found = configs.config_class(self.run, self.cls)
        if found is None:
            return None
        try:
            asked = self.run.call(found, [], {"tie_word_embeddings": True})
            return get_attr(self.run, asked, "tie_word_embeddings") is False
        except RaisedError:
            return True

    @cached_property
    def post_init(self) -> Reached | None:
        """How ``__init__`` reaches ``self.post_init()``."""
        built = self._built
        happened = {name for name, model, _ in built.events if model.cls is self.cls}
        if built.model is None and "init_weights" not in happened:
            return None
        return reaches_post_init(self.run, self.cls, happened)


def _config_class(config: Value) -> Class | None:
    return config.cls if isinstance(config, Instance) else None


def _weight(module: Value) -> Param | None:
    weight = module.attrs.get("weight") if isinstance(module, Module) else None
    return weight if isinstance(weight, Param) else None


def _fit(one: Param, two: Param) -> bool:
    """Whether two weights have one shape; a size that the config leaves to the tokenizer equals itself."""
    shape = one.shape
    return shape is not None and shape == two.shape and all(n is None or isinstance(n, int) for n in shape)


def _known(shape: tuple[Value, ...] | None) -> bool:
    return shape is not None and all(isinstance(size, int) for size in shape)


def model_classes(scope: Scope) -> Iterator[Class]:
    """The model classes that a module defines, in source order."""
    for key in scope.facts.class_keys():
        cls = scope.class_(key)
        if (
            cls.is_model
            and cls.name != PRETRAINED_MODEL
            and lookup(scope.project.interpreter, cls, "__init__")
        ):
            yield cls


def views(project: Project, path: Path, text: str) -> Iterator[ModelView]:
    """A view of every model class of a file. Raises ``UnreadableSourceError``."""
    for cls in model_classes(project.file(path, text)):
        yield ModelView(project.interpreter, cls, path)
