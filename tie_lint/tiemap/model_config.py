"""The config of a model, as far as tying hangs on it: ``tie_word_embeddings``."""

from __future__ import annotations

from functools import cached_property

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import RaisedError, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Instance
from tie_lint.intrinsics.transformers import configs
from tie_lint.intrinsics.transformers.tying_by_getters import tie_flag
from tie_lint.library.names import CONFIG_BASES
from tie_lint.tiemap.built_model import BuiltModels
from tie_lint.tiemap.construction import Construction

NO_FLAG = "object has no attribute 'tie_word_embeddings'"


class ModelConfig:
    """What a model's config says about tying, and whether it can be asked to."""

    def __init__(self, models: BuiltModels) -> None:
        self._models, self._interp = models, models.interp

    @property
    def config_class(self) -> Class | None:
        """The config class; None where it is not known."""
        return configs.config_class(self._interp, self._models.cls)

    @property
    def is_known(self) -> bool:
        """Whether more is known of the config than that it is one, of whatever class."""
        return self.config_class is not None and self.config_class.name not in CONFIG_BASES

    @property
    def name(self) -> str:
        """The name of the config class."""
        return "its config" if self.config_class is None else self.config_class.leaf

    @cached_property
    def asks_by_default(self) -> bool | None:
        """Whether the config's own default is to tie, as the library reads it in this release."""
        interp, model, found = self._interp, self._models.default.model, self.config_class
        if model is not None:
            return self._models.attempt(lambda: tie_flag(interp, model.attrs.get("config")))
        if found is None:
            return None
        return self._models.attempt(lambda: tie_flag(interp, configs.default(interp, found)))

    @property
    def can_be_asked(self) -> bool:
        """Whether the config offers ``tie_word_embeddings``, whatever its default."""
        default, untied = self._models.default, self._models.untied
        return self._flag(default if default.model is not None else untied) is not None

    @property
    def has_no_flag(self) -> bool:
        """Whether the config certainly has no ``tie_word_embeddings``, which then reads as False."""
        return self._flag(self._models.default) is None

    def _flag(self, construction: Construction) -> Value:
        """The config's own ``tie_word_embeddings``; None where it has none and that reads as False."""
        config = None if construction.model is None else construction.model.attrs.get("config")
        if not isinstance(config, Instance):
            return Unknown("the config")
        try:
            return get_attr(self._interp, config, "tie_word_embeddings")
        except RaisedError:
            return True if self._interp.contract.tie_flag_default else None

    @property
    def lacks_flag(self) -> str | None:
        """The class of the config without the flag that the model's code reads: building it raises."""
        raised = self._models.default.raised or ""
        if not raised.endswith(NO_FLAG) or self._models.untied.model is None:
            return None
        return raised.split("'")[1]

    @property
    def refuses_to_tie(self) -> bool | None:
        """Whether the config stays at ``tie_word_embeddings=False`` even when it or a config inside is asked
        for True, or refuses it."""
        if self.asks_by_default is not False:
            return None if self.asks_by_default is None else False
        found = self.config_class
        return None if found is None else not configs.can_be_asked(self._interp, found)

    @property
    def part_declines(self) -> bool:
        """Whether a config inside that of the model says not to tie."""
        model = self._models.default.model
        config = None if model is None else model.attrs.get("config")
        inside = configs.sub_configs(config)[1:] if isinstance(config, Instance) else []
        return any(item.attrs.get("tie_word_embeddings") is False for item in inside)

    @property
    def insists_on_tying(self) -> bool:
        """Whether the config says to tie even where config.json says ``tie_word_embeddings=False``: then
        models with a head of their own are loaded as if they were tied."""
        found = self.config_class
        if not self.asks_by_default or found is None:
            return False
        return self._models.attempt(lambda: configs.can_decline(self._interp, found)) is False
