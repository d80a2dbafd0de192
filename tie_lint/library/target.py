"""Which releases of transformers a project is checked against."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from packaging.version import Version

from tie_lint.errors import UsageError
from tie_lint.library.contract import ERAS, Contract, contract_of
from tie_lint.library.installed import installed_tree
from tie_lint.library.releases import KNOWN, NEWEST, NEWEST_UNSUPPORTED
from tie_lint.library.tree import PACKAGE, SourceTree
from tie_lint.python.disk import read_file
from tie_lint.record import NamedTuple
from tie_lint.settings import GIVEN

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

    from tie_lint.requirements.project import Requirements
    from tie_lint.requirements.source import Stated

KeysPlace = Literal["any", "init-base"]
"""Where a ``_tied_weights_keys`` counts as declared: on the model or its init base class, or only there."""


class Policy(NamedTuple):
    """What a project asks of its models beyond what the library demands."""

    tied_weights_keys: KeysPlace = "any"


class Target(NamedTuple):
    """One release that models are checked against, and what the project asks of them."""

    release: str
    contract: Contract
    policy: Policy
    newest: Contract | None
    """The contract of the newest target of the run, be it this one's."""
    older: str | None = None
    """The newest target whose getters tie, for one where keys do."""

    @classmethod
    def of(
        cls, release: str, policy: Policy, newest: Contract | None = None, older: str | None = None
    ) -> Target:
        """Return the target of a release; ``newest`` is the contract of the newest one of the run, ``older``
        the newest one whose getters tie."""
        contract = contract_of(release)
        by_keys = contract.ties_by == "keys"
        return cls(release, contract, policy, newest, older if by_keys else None)


INSTALLED, NEWEST_KNOWN = "the installed release", "the newest release known"
SAVED_WITH = "transformers_version of config.json"
"""What asks for targets where neither a person nor a project does."""
OLDEST_LOADED = "4.51"
"""The first release of which it is known what it loads."""


class Targets(NamedTuple):
    """Releases, oldest first; what asked for them; and what the user should be told about them."""

    releases: tuple[str, ...]
    source: str
    warnings: tuple[str, ...] = ()
    oldest: tuple[str, ...] = ()
    """The first release of each stretch that a release stands for, where that is not itself."""

    def stretch(self, hit: Collection[str]) -> str:
        """Return some of the releases as stretches, such as ``4.45-4.57, 5.x``; "" for all of them."""
        if all(release in hit for release in self.releases):
            return ""
        return self._stretches(hit)

    @property
    def shown(self) -> str:
        """All releases, as stretches."""
        return self._stretches(self.releases)

    def _stretches(self, hit: Collection[str]) -> str:
        oldest = dict(zip(self.releases, self.oldest or self.releases, strict=True))
        runs: list[list[str]] = []
        before = None
        for release in self.releases:
            if release in hit:
                if before not in hit or _major(str(before)) != _major(release):
                    runs.append([])
                runs[-1].append(release)
            before = release
        return ", ".join(_stretch(oldest[run[0]], run[-1]) for run in runs)

    @property
    def asked_by(self) -> str:
        """What asked for them, as it follows their list in a sentence; "" where the user just has."""
        if self.source in ("", GIVEN) or self.source.startswith("-"):
            return ""
        return f", {self.source}" if self.source.startswith("the ") else f", from {self.source}"

    def each(self, policy: Policy) -> list[Target]:
        """Return the target of every release, oldest first."""
        newest = contract_of(max(self.releases, key=Version))
        by_getters = [one for one in self.releases if contract_of(one).ties_by == "getters"]
        older = max(by_getters, key=Version, default=None)
        return [Target.of(release, policy, newest, older) for release in self.releases]


def _major(release: str) -> str:
    return release.partition(".")[0]


def _stretch(first: str, last: str) -> str:
    """Return what is from one release to another of the same major one, in words."""
    if first == last:
        return first
    major = _major(last)
    of_major = [release for release in KNOWN if _major(release) == major]
    if first == f"{major}.0.0" and last == of_major[-1]:
        return f"{major}.x"
    minors = [".".join(release.split(".")[:2]) for release in (first, last)]
    return "-".join(dict.fromkeys(minors))


def find_targets(asked: str | None, start: Path, asked_by: str = "transformers") -> Targets:
    """Return the targets asked for, or else those of the project around the folder ``start``.

    ``asked_by`` says who asks. Raises :class:`UsageError` when ``asked`` is no version and no range.
    """
    return _targets(asked, asked_by) if asked is not None else TargetFinder().around(start)


class TargetFinder:
    """Finds the targets of projects; what lies around folders is looked at once."""

    def __init__(self) -> None:
        self._requirements: Requirements | None = None
        self._own: dict[Path, str | None] = {}
        self._checkouts: dict[Path, str | None] = {}
        self._stated: dict[Stated, Targets | str] = {}

    def around(self, start: Path) -> Targets:
        """Return the targets of the files in a folder.

        They are the release whose own source it is in, else what the nearest project requires, else the
        release of the checkout around, else the one that a config.json beside them was saved with, else the
        installed release, else the newest known.
        """
        if release := self._release_of_source(start):
            return _targets(release, "the source around it")
        warnings: list[str] = []
        targets = self._required(start, warnings)
        if targets is None and (release := self._release_of_checkout(start)):
            targets = _targets(release, "the checkout around it")
        targets = targets or _saved_beside(start) or _installed_or_newest()
        return targets._replace(warnings=(*warnings, *targets.warnings))

    def _required(self, start: Path, warnings: list[str]) -> Targets | None:
        """Return the targets of the project's first requirement that has any; warn of those before."""
        from tie_lint.requirements.project import Requirements

        self._requirements = self._requirements or Requirements()
        for stated in self._requirements.around(start, warnings):
            if stated not in self._stated:
                try:
                    self._stated[stated] = _targets(stated.specifier, stated.shown)
                except UsageError as error:
                    self._stated[stated] = f"{error}; ignored"
            found = self._stated[stated]
            if isinstance(found, Targets):
                return found
            warnings.append(found)
        return None

    def _release_of_source(self, folder: Path) -> str | None:
        """Return the release whose source a folder is in, by its own ``__version__``; None elsewhere."""
        if folder not in self._own:
            own = SourceTree(folder).release() if folder.name == PACKAGE else None
            self._own[folder] = own or (
                self._release_of_source(folder.parent) if folder.parent != folder else None
            )
        return self._own[folder]

    def _release_of_checkout(self, folder: Path) -> str | None:
        """Return the release whose checkout a folder is in, or the root of; None elsewhere."""
        if folder not in self._checkouts:
            trees = (SourceTree(folder / PACKAGE), SourceTree(folder / "src" / PACKAGE))
            release = next((release for tree in trees if (release := tree.release())), None)
            if release is None and folder.parent != folder and not (folder / ".git").exists():
                release = self._release_of_checkout(folder.parent)
            self._checkouts[folder] = release
        return self._checkouts[folder]


def folder_targets(targets: Targets, saved_with: object) -> Targets:
    """Return the targets for a model's folder: those of the run, unless nobody asked for them.

    Then the release that config.json was saved with, or the newest where that is not known, or so old that
    it is not known what it loads.
    """
    if targets.source not in (INSTALLED, NEWEST_KNOWN, SAVED_WITH):
        return targets
    version = _version(saved_with)
    if version is None:
        return Targets((NEWEST,), NEWEST_KNOWN)
    if version < Version(OLDEST_LOADED):
        return Targets((NEWEST,), f"{NEWEST_KNOWN}, as config.json was saved with {version}")
    return Targets((min(version.base_version, NEWEST, key=Version),), SAVED_WITH)


def _version(saved_with: object) -> Version | None:
    try:
        return Version(saved_with) if isinstance(saved_with, str) else None
    except ValueError:  # InvalidVersion, or a number that is too long
        return None


def _saved_beside(folder: Path) -> Targets | None:
    """Return the release that a folder's config.json was saved with; None for an unknown or too old one."""
    import json

    try:
        data = read_file(str(folder / "config.json"))
        config = json.loads(data) if b"transformers_version" in data else None
    except (OSError, ValueError, RecursionError):
        return None  # what is wrong with it is found where the folder is checked
    version = _version(config.get("transformers_version")) if isinstance(config, dict) else None
    if version is None or version < Version(ERAS[0].since):
        return None
    return Targets((min(version.base_version, NEWEST, key=Version),), SAVED_WITH)


def _installed_or_newest() -> Targets:
    # Importing importlib.metadata, which knows it too, would take longer than the rest of finding targets.
    tree = installed_tree()
    release = tree.release() if tree else None
    return _targets(release, INSTALLED) if release else Targets((NEWEST,), NEWEST_KNOWN)


def _targets(asked: str, source: str) -> Targets:
    if "||" in asked:
        return _any_of([_targets(part, source) for part in asked.split("||")], source)
    exact = _exact(asked.strip())
    oldest, releases = ((exact,), (exact,)) if exact else _in_range(asked.strip(), source)
    return Targets(releases, source, tuple(_warnings(asked, releases)), oldest)


def _any_of(parts: list[Targets], source: str) -> Targets:
    """Return the targets of several ranges: again one release of every era."""
    releases = sorted({release for part in parts for release in part.releases}, key=Version)
    newest_of_era = {contract_of(release).since: release for release in releases}
    firsts = sorted({release for part in parts for release in part.oldest}, key=Version, reverse=True)
    oldest_of_era = {contract_of(release).since: release for release in firsts}
    oldest = tuple(oldest_of_era[era] for era in newest_of_era)
    warnings = dict.fromkeys(warning for part in parts for warning in part.warnings)
    return Targets(tuple(newest_of_era.values()), source, tuple(warnings), oldest)


def _exact(asked: str) -> str | None:
    """The one release that "4.51.3" or "==4.51.3" names; None for a range, which "4.51" is too."""
    try:
        version = Version(asked.removeprefix("==").strip())
    except ValueError:  # InvalidVersion, or a number that is too long
        return None
    return str(version) if asked.startswith("==") or len(version.release) > 2 else None


def _in_range(asked: str, source: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The oldest and the newest known releases of every era inside the range; else one unknown one in it."""
    try:
        wanted = _range(asked)
        inside = list(wanted.filter(KNOWN, prereleases=True))
        newest_of_era = {contract_of(release).since: release for release in inside}
        oldest_of_era = {contract_of(release).since: release for release in reversed(inside)}
        if newest_of_era:
            return tuple(oldest_of_era[era] for era in newest_of_era), tuple(newest_of_era.values())
        for release in _bounds(wanted):
            if wanted.contains(release, prereleases=True):
                return (release,), (release,)
    except ValueError:  # InvalidSpecifier, InvalidVersion, or a number that is too long
        raise UsageError(
            f"{source}: {asked!r:.100} is neither a release like 4.51.3 nor a range like >=4.45,<6"
        ) from None
    raise UsageError(f"{source}: no release of transformers is inside {asked!r}")


def _range(asked: str) -> SpecifierSet:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    if not asked:
        raise InvalidSpecifier
    return SpecifierSet(f"=={asked}.*" if asked[0].isdigit() else asked)


def _bounds(wanted: SpecifierSet) -> Iterator[str]:
    """The versions that a range names, each with a neighbour above and one below."""
    for specifier in wanted:
        bound = Version(specifier.version.removesuffix(".*"))
        below = (bound.major, bound.minor - 1) if bound.minor else (max(bound.major - 1, 0), 0)
        yield str(bound)
        yield f"{bound.major}.{bound.minor}.{bound.micro + 1}"
        yield f"{below[0]}.{below[1]}.0"


def _warnings(asked: str, releases: tuple[str, ...]) -> Iterator[str]:
    oldest, newest = ERAS[0].since, NEWEST
    if Version(releases[0]) < Version(oldest):
        yield f"transformers {asked} is older than any supported; the contract of {oldest} is used"
    elif len(releases) > 1 and _range(asked).contains(NEWEST_UNSUPPORTED):
        yield f"transformers {asked} is checked from {oldest} on; older releases are not supported"
    if Version(releases[-1]).release > Version(newest).release:
        yield f"transformers {asked} is newer than any known; the contract of {newest} is used"
