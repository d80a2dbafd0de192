"""What ``post_init()`` demands of ``_keep_in_fp32_modules`` (4.51 to 4.57, ``modeling_utils.py``)."""

from __future__ import annotations

from tie_lint.interpreter.base_values import RaisedError, Value
from tie_lint.interpreter.values import Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers.context import Interpreter


def check_kept_modules(interp: Interpreter, model: Module, names: Value) -> None:
    """Raise ``ValueError`` as the library does where one of the names is on no parameter's path.

    Looks no further than it must. Where parts of the model are unknown nothing is raised.
    """
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        return
    missing = set(names)
    for path, _ in module_tree.named_parameters(model):
        missing.difference_update(path.split("."))
        if not missing:
            return
    if missing and not interp.doubts and not module_tree.holes(model):
        raise RaisedError("ValueError", f"{min(missing)} of _keep_in_fp32_modules is not part of the model")
