"""Devices: models are built on the CPU, and may move parts to the one that has no values."""

from __future__ import annotations

from tie_lint.interpreter.base_values import Inert, Unknown, Value
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.register import HANDLERS, Handler, intrinsic


class Device(Inert):
    """A ``torch.device``."""

    kind: Value


class _DeviceHandler(Handler):
    def attribute(self, interp: Interpreter, value: Device, name: str) -> Value:
        return value.kind if name == "type" else super().attribute(interp, value, name)

    def class_names(self, value: Device) -> frozenset[str]:
        return frozenset({"torch.device"})


HANDLERS[Device] = _DeviceHandler()

CPU = Device("cpu")
"""The device that models are built on."""
META = Device("meta")
"""The device of what has no values."""


@intrinsic("torch.device")
def _device(interp: Interpreter, type: Value = None, index: Value = None) -> Value:
    if type in ("cpu", "meta"):
        return CPU if type == "cpu" else META
    return Device(type if isinstance(type, str) else Unknown("a device"))


@intrinsic("torch.get_default_device")
def _cpu(interp: Interpreter) -> Value:
    return CPU
