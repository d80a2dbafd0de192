"""The published packages that are measured, and where their source is: ``packages.txt`` has the list.

A line there is a requirement with its exact version, and after it the other wheels that the package's own
code imports and that come from the same project.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.corpus import unpacked

HERE = Path(__file__).parent
LIST = HERE / "packages.txt"
#: Some wheels are made for one version of Python, which need not be the one that runs the tests.
ANY_PYTHON = ("--python-version", "3.11")


@dataclass(frozen=True)
class Package:
    """A published package: ``requirement`` names it, ``parts`` are all the wheels it consists of."""

    requirement: str
    parts: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name, without the version."""
        return self.requirement.partition("==")[0]

    def folder(self) -> Path:
        """Where its source is; downloaded first where need be."""
        return unpacked(f"package-{self.requirement.replace('==', '-')}", self.parts, *ANY_PYTHON)


def packages() -> list[Package]:
    """All packages of the list, in its order."""
    lines = (line.split() for line in LIST.read_text(encoding="utf-8").splitlines())
    return [Package(parts[0], tuple(parts)) for parts in lines if parts and parts[0] != "#"]
