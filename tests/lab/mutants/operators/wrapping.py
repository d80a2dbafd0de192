"""A complete model put into a class around it, which takes its name and its place.

Whatever ties the model inside, the class around it is what is saved, loaded and resized: it has to hand on
the embeddings, and up to 4.55 nobody ties the model inside again once a checkpoint has been loaded (TIE108).
"""

from __future__ import annotations

from tests.lab.mutants.head_attributes import head_attribute
from tests.lab.mutants.operators import operator
from tests.lab.mutants.operators.renaming import NEW_NAME
from tests.lab.mutants.source_edits import (
    attribute,
    base_names,
    find_class,
    method,
    renamed_class,
    with_lines_after,
)

AROUND = f"""

class {{name}}({{bases}}):
    def __init__(self, config):
        super().__init__(config)
        self.{NEW_NAME} = {{inside}}(config)
        self.post_init()

    def forward(self, *args, **kwargs):
        return self.{NEW_NAME}(*args, **kwargs)
"""

ACCESSORS = f"""
    def get_{{end}}_embeddings(self):
        return self.{NEW_NAME}.get_{{end}}_embeddings()

    def set_{{end}}_embeddings(self, value):
        self.{NEW_NAME}.set_{{end}}_embeddings(value)
"""


@operator("TIE108", "TIE001", "TIE002", "TIE004", "TIE101", "TIE106", changes_names=True, shows_in=("load",))
def wrap_model(text: str, class_name: str) -> str | None:
    """A class around the model that has nothing but a forward pass.

    It lacks both getters, and the keys where the model inside is tied by its own.
    """
    return _wrapped(text, class_name, AROUND)


@operator("TIE108", "TIE106", "TIE004", "TIE101", "TIE102", changes_names=True, shows_in=("load",))
def wrap_model_with_accessors(text: str, class_name: str) -> str | None:
    """A class around the model that hands on all getters and setters, so that only other ties are lost.

    The prefix names no part of it (TIE101), and the keys of a class that holds it are stale (TIE102).
    """
    return _wrapped(
        text, class_name, AROUND + "".join(ACCESSORS.format(end=end) for end in ("input", "output"))
    )


def _wrapped(text: str, class_name: str, around: str) -> str | None:
    cls = find_class(text, class_name)
    init = None if cls is None else method(cls, "__init__")
    if cls is None or init is None or head_attribute(text, class_name) is None:
        return None
    if any(attribute(cls, name) for name in ("config_class", "config", "base_model_prefix")):
        return None  # which the class around it would have to have, too
    parameters = [argument.arg for argument in (*init.args.args, *init.args.kwonlyargs)]
    bases = base_names(cls)
    if parameters != ["self", "config"] or not any(base.endswith("PreTrainedModel") for base in bases):
        return None
    inside = f"{class_name}Inside"
    source = around.replace("{name}", class_name).replace("{bases}", ", ".join(bases))
    return renamed_class(with_lines_after(text, cls, source.replace("{inside}", inside)), class_name, inside)
