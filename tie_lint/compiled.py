"""What a compiled build (mypyc) has to be told of a class. Where nothing is compiled it means nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from mypy_extensions import mypyc_attr as mypyc_attr
else:
    T = TypeVar("T")

    def mypyc_attr(**how: bool) -> Callable[[T], T]:
        """Return a decorator that leaves a class as it is."""
        return lambda cls: cls
