"""A rule's page: the one text that the terminal and the docs show."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from tie_lint.library.contract import ERAS
from tie_lint.record import NamedTuple
from tie_lint.rules import Fixable, Rule

_CODE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXAMPLE = re.compile(r"Example(?:: (?P<case>.+?))?(?: \(from (?P<since>[\d.]+)\))?")
_FIXES: dict[Fixable, str] = {"always": "always", "sometimes": "for most findings", "never": "none"}


class Example(NamedTuple):
    """A file, or the files of a folder, with one defect, and what to write instead."""

    case: str
    """What sets it apart from the rule's other examples; empty for the only one, or the first."""
    since: str
    """The first release in which it is a defect, as far as the rule applies."""
    bad: str
    good: str


def render(rule: Rule) -> str:
    """Return the page as Markdown."""
    settings = f'`ignore = ["{rule.code}"]` or `per-file-ignores` in `[tool.tie-lint]`.'
    comment = (
        f"`# noqa: {rule.code}` on any line of the statement that the finding points at; for whole files,\n"
    )
    silence = settings if rule.of_folders else f"{comment}{settings}"
    head = f"# {rule.name} ({rule.code})\n\n{facts(rule)}\n\n"
    return f"{head}{rule.page}\n\n## How to silence\n\n{silence}\n"


def facts(rule: Rule) -> str:
    """Return the releases, the severity and the fix of a rule in one line."""
    return f"Releases: {releases(rule)} · highest severity: {severities(rule)} · fix: {fixes(rule)}"


def severities(rule: Rule) -> str:
    """Return the highest severity that findings have, in words, by release where it is not the same."""
    found = list(rule.severities.items())
    ends = [_before(first) for first, _ in found[1:]]
    stretches = [f"{severity} up to {end}" for (_, severity), end in zip(found, ends, strict=False)]
    since, last = found[-1]
    return ", ".join([*stretches, f"{last} from {since}" if stretches else last])


def fixes(rule: Rule) -> str:
    """Return in words which findings of a rule have a fix."""
    return _FIXES[rule.fixable]


def releases(rule: Rule) -> str:
    """Return the stretch of releases that a rule applies to, in words."""
    eras = [era.since for era in ERAS]
    first, last = rule.eras[0], rule.eras[-1]
    if rule.eras == eras:
        return "all"
    if last == eras[-1]:
        return f"from {first}"
    return f"up to {_before(eras[eras.index(last) + 1])}"


def _before(release: str) -> str:
    """The minor release before the first one of an era; 4.57 is the last of its major release."""
    major, minor = map(int, release.split("."))
    return f"{major}.{minor - 1}" if minor else "4.57"


def sections(rule: Rule) -> list[tuple[str, str]]:
    """Return the headings of the page, each with the text below it."""
    found = re.split(r"^## (.+)\n", rule.page, flags=re.MULTILINE)
    return [(title, text.strip()) for title, text in zip(found[1::2], found[2::2], strict=True)]


def examples(rule: Rule) -> list[Example]:
    """Return the examples of the page: each "Example" with the "Use instead" that follows it."""
    return list(_examples(rule))


def _examples(rule: Rule) -> Iterator[Example]:
    parts = sections(rule)
    for (title, bad), (_, good) in itertools.pairwise(parts):
        match = _EXAMPLE.fullmatch(title)
        if match is not None:
            since = match["since"] or rule.eras[0]
            texts = (bad, good) if rule.of_folders else (_code(bad), _code(good))
            yield Example(match["case"] or "", since, *texts)


def _code(text: str) -> str:
    """The Python block in a section."""
    found = _CODE.search(text)
    return found[1] if found else ""
