"""One problem found in several releases is one finding."""

from __future__ import annotations

from tie_lint.finding import Finding, Severity
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

    def findings(self, path: str) -> list[Finding]:
        """All of them, in the order of the file."""
        return sorted(
            Finding(
                path=path,
                line=at[0],
                column=at[1],
                code=code,
                name=self._rules[code].name,
                message=f"{message}{_told(problems)}",
                end_line=at[2],
                end_column=at[3],
                class_name=class_name,
                transformers=tuple(problems),
                severity=_worst(problems),
                url=self._rules[code].url,
                offers=tuple(problem.fix for problem in problems.values() if problem.fix),
            )
            for (code, class_name, at, message), problems in self._found.items()
        )


def _worst(problems: dict[str, Problem]) -> Severity:
    return "error" if any(problem.severity == "error" for problem in problems.values()) else "warning"


def _told(problems: dict[str, Problem]) -> str:
    """What comes of a problem; where the releases differ in that, in which."""
    releases: dict[str, list[str]] = {}
    for release, problem in problems.items():
        if problem.effect:
            releases.setdefault(problem.effect, []).append(release)
    if len(releases) > 1:
        return ": " + "; ".join(f"{effect} ({', '.join(where)})" for effect, where in releases.items())
    return "".join(f": {effect}" for effect in releases)
