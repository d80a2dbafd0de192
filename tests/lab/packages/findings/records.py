"""The findings of a release, as data. Nothing here needs torch or transformers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).parent
RUN, READ = "run", "read"


@dataclass(frozen=True)
class Found:
    """One finding in a package; ``path`` is that in the unpacked package."""

    package: str
    path: str
    line: int
    code: str
    class_name: str
    message: str
    how: str = ""
    shown: str = ""

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it the same finding in another run."""
        return self.package, self.path, self.code, self.class_name, self.message

    @property
    def module(self) -> str:
        """The dotted name of the module."""
        return module_of(self.path)


def module_of(path: str) -> str:
    """The dotted name of the module at a path of a package."""
    parts = Path(path).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def releases() -> list[str]:
    """The releases whose findings are recorded."""
    return sorted(path.stem for path in HERE.glob("*.jsonl"))


def load(release: str) -> list[Found]:
    """The findings of a release, in the order of the packages' list."""
    path = HERE / f"{release}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [Found(**json.loads(line)) for line in lines]


def write(release: str, findings: Iterable[Found]) -> None:
    """Write the findings of a release."""
    text = "".join(json.dumps(vars(found)) + "\n" for found in findings)
    (HERE / f"{release}.jsonl").write_text(text, encoding="utf-8")


def with_verdicts(findings: Iterable[Found], before: Iterable[Found]) -> list[Found]:
    """The findings, with what was seen of the same ones before."""
    known = {found.identity: found for found in before}
    return [
        replace(found, how=known[found.identity].how, shown=known[found.identity].shown)
        if found.identity in known
        else found
        for found in findings
    ]
