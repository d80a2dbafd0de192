"""An adapter as PEFT saves it: adapter_config.json and the names of adapter_model.safetensors."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from tie_lint.checkpoint.config_file import ConfigFile
from tie_lint.checkpoint.files import member
from tie_lint.checkpoint.safetensors import read_header

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
_STORED = re.compile(
    r"(?:base_model\.model\.)?(?P<module>.+?)(?:\.modules_to_save(?:\.default)?)?"
    r"\.(?P<rest>base_layer\.weight|weight|bias|lora_\w+(?:\.weight)?)"
)


class Adapter:
    """What an adapter replaces and changes. What cannot be read raises ``CheckpointError``."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.config = folder, ConfigFile.read(folder, CONFIG)

    @property
    def base(self) -> Any:
        """What config says the adapter is for: a folder, or a name on the Hub."""
        return self.config.values.get("base_model_name_or_path")

    @property
    def keeps_ties(self) -> bool:
        """Whether PEFT was asked to do to all ends of a tie what it does to one."""
        return self.config.values.get("ensure_weight_tying") is True

    def treatment(self, name: str, matches: Callable[[str, str], bool]) -> str | None:
        """Return what is done to a parameter of the model: it "saves" it anew, "targets" it, or does nothing.

        ``matches`` says whether a pattern of adapter_config.json matches a whole name.
        After ``check_target_module_exists`` and ``_set_trainable`` of PEFT.
        """
        module = name.rpartition(".")[0]
        if module in self._saved or any(module.endswith(one) for one in self._listed("modules_to_save")):
            return "saves"
        return "targets" if module in self._targeted or self._is_target(module, matches) else None

    def _is_target(self, module: str, matches: Callable[[str, str], bool]) -> bool:
        wanted = self.config.values.get("target_modules")
        if isinstance(wanted, str):
            return wanted != "all-linear" and matches(wanted, module)
        return any(module == one or module.endswith(f".{one}") for one in self._listed("target_modules"))

    def _listed(self, key: str) -> list[str]:
        found = self.config.values.get(key)
        return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []

    @cached_property
    def _saved(self) -> set[str]:
        """The modules whose weights the file holds anew."""
        return {module for module, rest in self._stored if not rest.startswith(("lora_", "base_layer"))}

    @cached_property
    def _targeted(self) -> set[str]:
        """The modules that the file holds changes of, beside a copy of what they had where that is large."""
        return {module for module, rest in self._stored if rest.startswith(("lora_", "base_layer"))}

    @cached_property
    def _stored(self) -> list[tuple[str, str]]:
        """Module and kind of every tensor of the file; none where there is no file."""
        path = self.folder / WEIGHTS
        if not path.exists():
            return []
        matches = map(_STORED.fullmatch, read_header(member(self.folder, WEIGHTS, path)))
        return [(match["module"], match["rest"]) for match in matches if match]
