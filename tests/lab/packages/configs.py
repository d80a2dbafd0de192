"""Finding a config that a model class of a package can be built with.

The default config of the class comes first: ``config_class()``, then that of the class which annotates the
first argument of ``__init__``. Where it cannot be made, or lacks what the model reads, small values are
filled in until the model is built: arguments that the config requires, and attributes that are missing. The
name decides the value, and a name that says nothing ends the attempt.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.lab.truth.build import ConfigBase, build_on_meta, complete

#: How many values may be filled in.
FILLED = 25
#: What the configs of image encoders have that are plain dictionaries.
VISION = {
    **dict.fromkeys(("hidden_size", "intermediate_size"), 32),
    **dict.fromkeys(("patch_size", "num_heads"), 4),
    "image_size": 16,
    "num_positions": 17,
    "in_channels": 3,
    "scaling_factor": 8,
    "num_hidden_layers": 2,
    "hidden_act": "gelu",
    "dropout_prob": 0.0,
    "layer_norm_eps": 1e-6,
}
#: What a missing value is by its name; the first pattern that fits decides.
SMALL: list[tuple[str, Any]] = [
    (
        r"^(use|is|has|with|add|tie|do|enable|freeze|output|return|fuse|scale)_|checkpointing|_bias$|^bias$",
        False,
    ),
    (r"^original_rope$", True),
    (r"^vision_config$", VISION),
    (r"^router_layers", []),
    (r"^gis_embedding$|token_id|_idx$|_index$", 0),
    (r"vocab", 33),
    (r"eps", 1e-6),
    (r"dropout|drop_|prob|_drop$|pdrop", 0.0),
    (r"init.*(range|std)|theta|_scale|_ratio|factor|alpha|beta", 0.1),
    (r"_act$|activation|hidden_act|act_fn", "gelu"),
    (r"head_dim", 8),
    (r"head", 4),
    (r"layer|block|depth|stage|expert|group|channel_mult", 2),
    (r"position|length|max_|context|window", 64),
    (r"patch_size", 4),
    (r"image_size", 16),
    (r"channels", 3),
    (r"size|dim|hidden|width|d_model|features|n_embd|rank", 32),
    (r"^(num|n)_", 2),
]

_ROPE = {"type": "linear", "rope_type": "linear", "factor": 2.0, "rope_theta": 10000.0}
#: Keys that are looked up in what 5.x fills in and older code does not know: what is given instead.
_BY_KEY = {
    "type": ("rope_scaling", _ROPE),
    "default": ("rope_scaling", _ROPE),
    "sdpa": ("_attn_implementation", "eager"),
}


@dataclass
class Recipe:
    """How to make the config of a class: of which config class, and what is given to it."""

    config_class: Any
    arguments: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)

    def make(self, cls: Any = None) -> Any:
        """A new config; raises what the config class raises."""
        config = self.config_class(**self.arguments)
        for name, value in self.attributes.items():
            setattr(config, name, value)
        complete(config)
        return config

    @property
    def name(self) -> str:
        """The dotted name of the config class."""
        return f"{self.config_class.__module__}.{self.config_class.__qualname__}"

    def fill(self, error: Exception) -> bool:
        """Fill in what a failed attempt lacked; False if that cannot be told."""
        if len(self.arguments) + len(self.attributes) >= FILLED:
            return False
        if isinstance(error, AttributeError) and isinstance(error.obj, ConfigBase):
            return _fill(self.attributes, error.name or "")
        if isinstance(error, KeyError) and error.args[0] in _BY_KEY:
            name, value = _BY_KEY[error.args[0]]
            is_new = name not in self.attributes
            self.attributes[name] = value
            return is_new
        if isinstance(error, TypeError) and "__init__() missing" in str(error):
            names = re.findall(r"'(\w+)'", str(error))
            ours = set(names) <= set(inspect.signature(self.config_class.__init__).parameters)
            return ours and all(_fill(self.arguments, name) for name in names)
        return False


def _fill(values: dict[str, Any], name: str) -> bool:
    for pattern, value in SMALL:
        if name not in values and re.search(pattern, name):
            values[name] = value
            return True
    return False


def recipe(cls: Any, build: Callable[[Any, Any], Any] = build_on_meta) -> Recipe:
    """How to make a config that the class can be built with; raises what stopped the first attempt, from
    what stopped the last."""
    first: Exception | None = None
    last: Exception | None = None
    for config_class in config_classes(cls):
        found = Recipe(config_class)
        while True:
            try:
                build(cls, found.make())
                return found
            except Exception as error:
                first, last = first or error, error
                if not found.fill(error):
                    break
    raise first or TypeError("no config_class") from last


def config_classes(cls: Any) -> Iterator[Any]:
    """The config classes that may be meant for a model class, the likelier first."""
    if isinstance(cls.config_class, type) and cls.config_class is not ConfigBase:
        yield cls.config_class
    annotated = _annotated(cls)
    if (
        isinstance(annotated, type)
        and issubclass(annotated, ConfigBase)
        and annotated is not cls.config_class
    ):
        yield annotated


def _annotated(cls: Any) -> Any:
    """What annotates the first argument of ``__init__``, if that can be told."""
    try:
        hints = typing.get_type_hints(cls.__init__)
    except Exception:
        return None
    parameters = [name for name in inspect.signature(cls.__init__).parameters if name != "self"]
    return hints.get(parameters[0]) if parameters else None
