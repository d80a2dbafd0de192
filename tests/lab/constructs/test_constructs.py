"""Of each model with a hard construct the tool says what the library built, or why it does not know."""

from __future__ import annotations

import functools

import pytest

from tests.lab.constructs.records import MODELS, load, releases
from tests.lab.truth.agree import FACTS, compare_fact
from tests.lab.truth.records import Truth
from tie_lint.library.target import Targets
from tie_lint.pipeline.explain import Explanations
from tie_lint.pipeline.explanation import FreshExplanation
from tie_lint.pipeline.resolver import Resolved
from tie_lint.settings import Settings

#: What nobody can know from the text, by class, and in the cause of each fact that is unknown.
UNKNOWN = {
    "generators.OfUnknownLength": "os.cpu_count(…)",
    "computed_names.ModuleInQuestion": "os.uname(…).nodename",
    "computed_names.ReadBack": "os.uname(…).nodename",
    "computed_names.UnknownNamesInTheConfig": "os.environ.items(…) or the text config",
    "optional_packages.BothDiffer": "whether foo_not_there is installed",
    "choices.PickedInAnExpression": "os.getpid(…)",
    "choices.PickedInAStatement": "os.getpid(…)",
    "choices.AdvancedIterator": "os.getpid(…)",
    "choices.AdvancedGenerator": "os.getpid(…)",
    "choices.OwnOperators": "Truthy",
}
#: Models that lack a package here, and are built where it is.
NEEDING = {"optional_packages.Required"}


@functools.cache
def explained(release: str) -> dict[tuple[str, str], FreshExplanation]:
    found = Explanations([str(MODELS)], Resolved(Settings(MODELS), Targets((release,), "")))
    fresh = (item for item in found if isinstance(item, FreshExplanation))
    return {(item.view.path.stem, item.view.name): item for item in fresh}


CASES = [
    pytest.param(release, truth, id=f"{release}-{truth.module}.{truth.class_name}")
    for release in releases()
    for truth in load(release)
]


@pytest.mark.parametrize(("release", "truth"), CASES)
def test_it_is_what_the_library_built(release: str, truth: Truth) -> None:
    name, found = f"{truth.module}.{truth.class_name}", explained(release)[truth.module, truth.class_name]
    if not truth.built:
        assert (found.ties.raises is not None) == (name not in NEEDING)
        return
    for fact in FACTS:
        for verdict in compare_fact(name, fact, found.ties, truth):
            assert verdict.answer != "wrong", verdict
            causes = UNKNOWN.get(name, "!").split(" or ")
            assert verdict.answer == "right" or any(cause in verdict.note for cause in causes), verdict


@pytest.mark.parametrize("release", releases())
def test_what_is_listed_as_unknown_is_unknown(release: str) -> None:
    known = [
        name
        for name in UNKNOWN
        if all(explained(release)[tuple(name.split("."))].ties.is_known(fact) for fact in FACTS)  # type: ignore[index]
    ]
    assert set(known) <= {"optional_packages.BothDiffer"}  # up to 4.57 it is tied anyway
