"""What the installed release of transformers makes of the fixes of a package."""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import contextlib
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace as with_fields
from pathlib import Path

import transformers

from tests.lab.mutants.child_processes import Lost, in_child
from tests.lab.mutants.replaced_modules import replace
from tests.lab.packages import stubs
from tests.lab.packages.candidates import candidates
from tests.lab.packages.findings.effects import Seen
from tests.lab.packages.findings.gone import imported
from tests.lab.packages.findings.records import module_of
from tests.lab.packages.findings.run import see
from tests.lab.packages.fixes.judging import better, was_run, worse
from tests.lab.packages.fixes.reaching import reached
from tests.lab.packages.fixes.records import NOT_RUN, NOTHING, RIGHT, WORSE, Offered
from tests.lab.packages.importing import model_class
from tests.lab.packages.record import FOLDERS
from tests.lab.truth.classes import ClassName

#: Seconds for one class.
TIMEOUT = 150
Seens = dict[ClassName, Seen]


class Library:
    """The library, asked about the classes of one package."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._models = {*candidates(folder, Path(transformers.__file__).parent)}
        self._before: Seens = {}
        sys.path.insert(0, str(folder))
        sys.meta_path.append(stubs.StubFinder(folder))
        stubs.StubType.are_true = True
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, sys.stdout.fileno())  # some models print when they are built

    def checked(self, fix: Offered) -> Offered:
        """The fix without its texts, with what it is worth."""
        reach = reached(self._folder, fix.texts)
        names = sorted(name for name in reach if name in self._models or name == fix.own)
        self._before |= self._seen([name for name in names if name not in self._before], {})
        after = self._seen(names, fix.texts)
        verdict, shown = _verdict(fix, self._before, after)
        return with_fields(fix, texts={}, verdict=verdict, shown=shown)

    def _seen(self, names: Iterable[ClassName], texts: Mapping[str, str]) -> Seens:
        by_module: dict[str, list[str]] = defaultdict(list)
        for name in names:
            by_module[name.module].append(name.name)
        found: Seens = {}
        for module, of_module in by_module.items():
            seen = in_child(TIMEOUT * (len(of_module) + 1), self._see_module, module, of_module, texts)
            for one in of_module:
                what: Seen | Lost = seen if isinstance(seen, Lost) else seen[one]
                lost = {"error": f"lost: {what.why}"} if isinstance(what, Lost) else what
                found[ClassName(module, one)] = lost
        return found

    def _see_module(self, module: str, names: list[str], texts: Mapping[str, str]) -> dict[str, Seen | Lost]:
        """What is seen of classes of a module with these texts, in a process that is lost afterwards."""
        for path, text in texts.items():
            replace(module_of(path), text)
        with contextlib.suppress(Exception, SystemExit):
            imported(lambda: model_class(self._folder, module, names[0]))
        return {name: in_child(TIMEOUT, self._see, ClassName(module, name)) for name in names}

    def _see(self, name: ClassName) -> Seen:
        before = self._before.get(name, {}).items()
        earlier = {aspect: value for aspect, value in before if aspect.startswith("names")}
        return see(self._folder, name.module, name.name, earlier)


def _verdict(fix: Offered, before: Seens, after: Seens) -> tuple[str, str]:
    pairs = {name: (before[name], after[name], fix.code) for name in after}
    changes = {name: (worse(*pair), better(*pair)) for name, pair in pairs.items()}
    bad = [f"{name.name}: {' '.join(one)}" for name, (one, _) in changes.items() if one]
    good = [f"{name.name}: {' '.join(one)}" for name, (_, one) in changes.items() if one]
    if bad:
        return WORSE, "; ".join(bad)
    run = [name for name in after if was_run(after[name]) and was_run(before[name])]
    if not good and (fix.own not in run if fix.own else not run):
        seen = after.get(fix.own, {}) if fix.own else {}
        why = str(seen.get("recipe") or seen.get("error") or "no class that could be imported")
        return NOT_RUN, FOLDERS.sub("…/", why)
    return (RIGHT, "; ".join(good)) if good else (NOTHING, "")
