"""The rules: one file each, found by its name. A rule's docstring is its page."""

from __future__ import annotations

import functools
import importlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeVar

from tie_lint.edits.proposal import FixOffer
from tie_lint.finding import Edit, Severity
from tie_lint.library.contract import ERAS, Contract
from tie_lint.python.statements import Span
from tie_lint.record import Data

if TYPE_CHECKING:
    from tie_lint.rules.part import Part

PAGES = "https://github.com/tie-lint/tie-lint/blob/main/docs/rules"


class Problem(Data):
    """What a rule found: where, what is wrong, and what comes of it in the release that it was judged by."""

    at: Span
    message: str
    effect: str = ""
    severity: Severity = "error"
    """An error where something crashes or silently unties under the config's own defaults, else a warning."""
    fix: FixOffer | None = None
    """How to fix it, worked out only if somebody asks."""
    edits: tuple[Edit, ...] = ()
    """Edits of the folder's config.json that fix it, for what is wrong with a folder."""
    rests_on: Part | None = None
    """The part that has to be fixed, where other problems may come of it, too."""


def when_asked(at_once: bool | None, effect: str) -> tuple[str, Severity]:
    """Return the effect and severity of what happens when the config asks for ties: an error where it does so
    by its own defaults, else a warning that says so."""
    return (effect, "error") if at_once else (f"with tie_word_embeddings=True {effect}", "warning")


MOST_NAMES = 3


def enumerated(names: Iterable[str]) -> str:
    """Return names as part of a sentence: all of a few; of many, the first ones and how many more."""
    shown = list(names)
    if len(shown) > MOST_NAMES:
        shown[MOST_NAMES - 1 :] = [f"{len(shown) - MOST_NAMES + 1} more"]
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


Check = Callable[..., Iterator[Problem]]
CheckT = TypeVar("CheckT", bound=Check)


Fixable = Literal["always", "sometimes", "never"]
"""Whether a rule's findings have a fix."""

Severities = Mapping[str, Severity]
"""The highest severity that a rule's findings have, by the release from which that is so, oldest first."""


class Rule(Data):
    """A check and what is to be said of it. It is called with a model view and a target, or with a file's
    error."""

    code: str
    name: str
    check: Check
    fixable: Fixable
    severities: Severities
    of_files: bool
    of_folders: bool
    """Whether it is about a folder with config.json, and is called with a view of that."""
    of_adapters: bool
    """Whether the folder is that of an adapter."""
    on_request: bool
    """Whether it is off unless its whole code is selected."""
    of_comments: bool
    """Whether it is about comments that silence findings, and is called with one of them."""
    of_missing_bases: bool
    """Whether it is about classes that only look like models, too: whose base was not found."""
    applies: Callable[[Contract], bool]
    """Whether the rule has something to say about the releases of a contract."""

    @property
    def eras(self) -> list[str]:
        """The first release of every era that the rule applies to, oldest first."""
        return [era.since for era in ERAS if self.applies(era)]

    def severity(self, since: str) -> Severity:
        """Return the highest severity that findings have in the era that begins with a release."""
        eras = [era.since for era in ERAS]
        reached = [first for first in self.severities if eras.index(first) <= eras.index(since)]
        return self.severities[reached[-1]]

    @property
    def file_name(self) -> str:
        """The rule's own and its page's file name, without ending."""
        return f"{self.code.lower()}_{self.name.replace('-', '_')}"

    @property
    def page(self) -> str:
        """What is said of it: the docstring of the check."""
        import inspect  # which takes long, and few runs print a page

        return inspect.getdoc(self.check) or ""

    @property
    def summary(self) -> str:
        """The page's first sentence."""
        return self.page.partition("\n")[0]

    @property
    def url(self) -> str:
        """Where the page is on the web."""
        return f"{PAGES}/{self.file_name}.md"


_registered: dict[str, Rule] = {}


def rule(
    code: str,
    name: str,
    *,
    fix: Fixable,
    severity: Severity | Severities,
    of_files: bool = False,
    of_folders: bool = False,
    of_adapters: bool = False,
    on_request: bool = False,
    of_comments: bool = False,
    of_missing_bases: bool = False,
    applies: Callable[[Contract], bool] = lambda contract: True,
) -> Callable[[CheckT], CheckT]:
    """Register the decorated check under ``code``; its docstring becomes the page.

    A severity that is not the same in all releases is given by the first release of each stretch.
    """
    severities = {ERAS[0].since: severity} if isinstance(severity, str) else severity

    def register(check: CheckT) -> CheckT:
        _registered[code] = Rule(
            code=code,
            name=name,
            check=check,
            fixable=fix,
            severities=MappingProxyType(dict(severities)),
            of_files=of_files,
            of_folders=of_folders,
            of_adapters=of_adapters,
            on_request=on_request,
            of_comments=of_comments,
            of_missing_bases=of_missing_bases,
            applies=applies,
        )
        return check

    return register


@functools.cache
def all_rules() -> Mapping[str, Rule]:
    """Return every rule by its code, in the order of the codes."""
    names = {Path(file).stem for folder in __path__ for file in os.listdir(folder)}  # noqa: PTH208
    for name in sorted(names):
        if name.startswith("tie"):
            importlib.import_module(f"{__name__}.{name}")
    return dict(sorted(_registered.items()))
