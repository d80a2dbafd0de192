"""Findings that are known already: a file of them, so that only new ones are reported.

An entry is a file, a class, a code and how often that is found: lines may move.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tie_lint.errors import UsageError
from tie_lint.python.disk import read_file

if TYPE_CHECKING:
    from tie_lint.finding import Finding
    from tie_lint.pipeline.report import Report

FORMAT = 1

Key = tuple[str, str, str]
"""Path from the folder of the baseline, class, code."""


class Baseline:
    """What a baseline file says."""

    def __init__(self, path: Path, known: Counter[Key]) -> None:
        self._path, self._known = path, known

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """Read a file. Raises :class:`UsageError` for what is no baseline."""
        try:
            data = json.loads(read_file(str(path)))
            if data["tie-lint baseline"] != FORMAT:
                raise ValueError(f"not of format {FORMAT}")
            return cls(path, Counter(dict(_entries(data["findings"]))))
        except OSError as error:
            raise UsageError(f"--baseline: {path}: {error.strerror}; --write-baseline makes one") from error
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            raise UsageError(f"--baseline: {path}: no baseline: {error}") from error

    @classmethod
    def of(cls, path: Path, findings: Iterable[Finding], checked: Iterable[Path]) -> Baseline:
        """Return the baseline that a file is to become.

        It knows what is found in the files and folders that were checked, and what it knew of others that are
        still there. Raises :class:`UsageError` where the file is there and is no baseline.
        """
        known = Counter(_key(one, path.parent) for finding in findings for one in finding.every)
        if path.exists():
            before, roots = cls.read(path)._known, [Path(os.path.realpath(root)) for root in checked]
            for key, number in before.items():
                file = Path(os.path.realpath(path.parent / key[0]))
                if file.exists() and not any(file.is_relative_to(root) for root in roots):
                    known[key] = number
        return cls(path, known)

    def __len__(self) -> int:
        return sum(self._known.values())

    def write(self) -> None:
        """Write the file, sorted: a change of it shows what has come and gone."""
        found: dict[str, dict[str, dict[str, int]]] = {}
        for (path, name, code), number in sorted(self._known.items()):
            found.setdefault(path, {}).setdefault(name, {})[code] = number
        text = json.dumps({"tie-lint baseline": FORMAT, "findings": found}, indent=2)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(f"{text}\n", encoding="utf-8")

    def apply(self, report: Report) -> None:
        """Leave out of a report what is known, and warn of what is known and no longer there."""
        left = Counter(self._known)
        new = []
        for finding in report.findings:
            keys = Counter(_key(one, self._path.parent) for one in finding.every)
            if any(left[key] < number for key, number in keys.items()):
                new.append(finding)
            left.subtract(keys)
        report.known = len(report.findings) - len(new)
        report.findings = new
        checked = {_relative(path, self._path.parent) for path in report.targets_of}
        gone = [key for key, number in sorted(left.items()) if number > 0 and self._is_gone(key, checked)]
        report.warnings += [
            f"{self._path}: {': '.join(filter(None, [path, name]))}: {code} is no longer found"
            for path, name, code in gone
        ]

    def _is_gone(self, key: Key, checked: set[str]) -> bool:
        """Whether a known finding was looked for: its file was checked, or is no longer there."""
        return key[0] in checked or not (self._path.parent / key[0]).exists()


def _entries(data: Any) -> Iterable[tuple[Key, int]]:
    for path, classes in data.items():
        for name, codes in classes.items():
            for code, number in codes.items():
                if type(number) is not int:
                    raise TypeError(f"{number!r} is no number")
                yield (path, name, code), number


def _key(finding: Finding, folder: Path) -> Key:
    return _relative(finding.path, folder), finding.class_name or "", finding.code


def _relative(path: str, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()
