"""One problem found in several releases is one finding, and so is what rests on one part of the source."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tie_lint.edits.proposal import FixOffer
from tie_lint.finding import Finding, Fix, Severity
from tie_lint.library.target import Targets
from tie_lint.pipeline.joining import Found, joined
from tie_lint.rules import Problem, Rule


class Problems:
    """The problems of one file, each with the releases it was found in."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str | None, tuple[int, ...], str], dict[str, Problem]] = {}
        self._rules: dict[str, Rule] = {}

    def add(self, rule: Rule, class_name: str | None, problem: Problem, release: str) -> None:
        """Note a problem; it is the same one where rule, class, place and message are the same."""
        self._rules[rule.code] = rule
        key = (rule.code, class_name, tuple(problem.at), problem.message)
        self._found.setdefault(key, {})[release] = problem

    def findings(
        self, shown: str, targets: Targets, silences: Callable[[str, int], bool] = lambda code, line: False
    ) -> dict[Finding, tuple[FixOffer, ...]]:
        """Return the findings in the order of the file, each with what may become its fix.

        ``shown`` is their path, ``targets`` are all that the file was checked for; ``silences`` says whether
        one of a code on a line is left out. Offers are those of the releases, oldest first.
        """
        return joined(
            one for one in self._each(shown, targets) if not silences(one.finding.code, one.finding.line)
        )

    def _each(self, shown: str, targets: Targets) -> Iterator[Found]:
        for (code, class_name, at, message), problems in self._found.items():
            finding = Finding(
                path=shown,
                line=at[0],
                column=at[1],
                code=code,
                name=self._rules[code].name,
                problem=message,
                end_line=at[2],
                end_column=at[3],
                class_name=class_name,
                transformers=tuple(problems),
                severity=_worst(problems),
                url=self._rules[code].url,
                effects=tuple(_effects(problems, targets)),
                stretch=targets.stretch(problems),
                fix=_edits(problems),
            )
            offers = tuple(problem.fix for problem in problems.values() if problem.fix)
            parts = (problem.rests_on for problem in problems.values() if problem.rests_on)
            yield Found(finding, offers, next(parts, None))


def _effects(problems: dict[str, Problem], targets: Targets) -> Iterator[tuple[str, str]]:
    """What a problem leads to; where the releases differ in that, in which."""
    releases: dict[str, list[str]] = {}
    for release, problem in problems.items():
        if problem.effect:
            releases.setdefault(problem.effect, []).append(release)
    for effect, where in releases.items():
        yield effect, targets.stretch(where) if len(releases) > 1 else ""


def _edits(problems: dict[str, Problem]) -> Fix | None:
    """The fix of what is wrong with a folder, where it is the same in all releases."""
    found = {problem.edits for problem in problems.values()}
    edits = found.pop() if len(found) == 1 else ()
    return Fix(False, edits) if edits else None


def _worst(problems: dict[str, Problem]) -> Severity:
    return "error" if any(problem.severity == "error" for problem in problems.values()) else "warning"
