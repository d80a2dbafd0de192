"""The fixes of a release, as data. Nothing here needs torch or transformers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.lab.packages.findings.records import module_of
from tests.lab.truth.classes import ClassName

HERE = Path(__file__).parent
ONE, ALL_SAFE, ALL = "one", "all safe", "all"
"""What is fixed: one finding by itself, or a whole package."""
RIGHT, WORSE, NOTHING, NOT_RUN = "right", "worse", "nothing", "not run"


@dataclass(frozen=True)
class Offered:
    """A fix of one finding, or all fixes of a package together, which have no place and no code.

    ``verdict`` is what the library makes of it, ``shown`` what was seen, ``read`` what somebody read in the
    source where that was not enough. ``brings`` are the findings that are there only after all of a package.
    """

    package: str
    what: str
    safe: bool = False
    path: str = ""
    line: int = 0
    code: str = ""
    class_name: str = ""
    verdict: str = ""
    shown: str = ""
    read: str = ""
    brings: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    """The changed files of the package, by their paths in it; not recorded."""

    @property
    def identity(self) -> tuple[Any, ...]:
        """What makes it the same fix in another run."""
        return self.package, self.what, self.path, self.line, self.code, self.class_name

    @property
    def own(self) -> ClassName | None:
        """The class of the finding."""
        return ClassName(module_of(self.path), self.class_name) if self.class_name else None


def releases() -> list[str]:
    """The releases whose fixes are recorded."""
    return sorted(path.stem for path in HERE.glob("*.jsonl"))


def recorded(release: str) -> Path:
    """The committed file of a release."""
    return HERE / f"{release}.jsonl"


def load(path: Path) -> list[Offered]:
    """The fixes of a file."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [Offered(**json.loads(line)) for line in lines]


def write(path: Path, fixes: Iterable[Offered]) -> None:
    """Write a file of fixes; without what is empty."""
    text = "".join(
        json.dumps({name: value for name, value in asdict(one).items() if value}) + "\n" for one in fixes
    )
    path.write_text(text, encoding="utf-8")


def with_what_was_read(fixes: Iterable[Offered], before: Iterable[Offered]) -> list[Offered]:
    """The fixes, with what was read of the same ones before if the library makes the same of them."""
    read = {(one.identity, one.verdict, one.shown): one.read for one in before}
    return [replace(one, read=read.get((one.identity, one.verdict, one.shown), "")) for one in fixes]
