"""What each rule says of its page's example comes true in the running library, and is gone once fixed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples import eras_shown, findings
from tests.lab.claims.records import Behaviour, digest, examples, load, of_cases, of_pages, releases
from tie_lint.library.contract import contract_of

CLAIMS: dict[str, set[str]] = {
    "TIE001": {"ties", "resize-if-untied"},
    "TIE002": {"resize"},
    "TIE003": {"backbone"},
    "TIE004": {"ties", "save and load"},
    "TIE005": {"ties", "save and load"},
    "TIE006": {"build"},
    "TIE101": {"backbone"},
    "TIE102": {"build", "save and load"},
    "TIE103": {"ties", "resize"},
    "TIE104": {"ties", "resize"},
    "TIE105": {"head"},
    "TIE106": {"save and load"},
    "TIE107": {"build"},
    "TIE108": {"save and load"},
    "TIE109": {"head"},
    "TIE110": {"ties", "save and load"},
    "TIE111": {"ties"},
    "TIE112": {"save and load"},
    "TIE201": {"ties"},
    "TIE202": {"ties-if-untied"},
    "TIE301": {"build"},
    "TIE302": {"ties"},
    "TIE303": {"build"},
    "TIE304": {"ties"},
    "TIE305": {"ties"},
    "TIE401": {"resize", "resize-if-untied"},
    "TIE402": {"resize"},
    "TIE005: `init_weights()` in its place": {"build"},
    "TIE006: a call that does not fit": {"build"},
    "TIE006: what a config no longer has": {"build"},
    "TIE103: the head of a reward": {"resize"},
    "TIE108: `init_weights()` ties": {"save and load"},
    "TIE109: a key that is its own source": {"load without"},
    "TIE111: the head before the embeddings": {"load targets"},
    "TIE111: target and source the wrong way round": {"into backbone"},
    "TIE201: the table of an encoder": {"ties"},
    "TIE202: nothing ties the head": {"ties"},
    "TIE303: nothing ties": {"ties"},
    "TIE002: a language model inside": {"resize"},
    "TIE002: a model built on it": {"build", "resize"},
    "TIE002: a model that ties by itself": {"resize"},
    "TIE002: a setter alone": {"resize"},
    "TIE002: none is returned": {"resize"},
    "TIE002: resizing of its own": {"input"},
    "TIE202: a head that is removed": {"load own head-if-untied"},
    "TIE202: left to the config of a part": {"ties"},
    "TIE202: tied by its initialization": {"ties-if-untied"},
}
"""In which aspect the example differs from what to use instead, by the rule's message."""

NEEDS_A_RANGE = {"TIE304", "TIE305"}
"""Rules about what differs between the releases of a range say nothing of one release."""

OF_MODELS_BUILT_ON_IT = {"TIE002"}
"""Rules whose severity is that of what happens to models with a head; the example is the backbone alone."""

RESIZING = "resize_token_embeddings() fails for it and for models built on it"
LOST = "a checkpoint with a head of its own loses it"

SAID: dict[str, tuple[str, str]] = {
    "TIE002: a language model inside": (RESIZING, RESIZING),
    "TIE002: a model built on it": (
        "neither it nor models built on it can tie a head or resize their embeddings",
        RESIZING,
    ),
    "TIE002: a model that ties by itself": (RESIZING, RESIZING),
    "TIE002: a setter alone": (
        "neither it nor models built on it can tie a head or resize their embeddings",
        RESIZING,
    ),
    "TIE002: none is returned": (
        "neither it nor models built on it can tie a head or resize their embeddings",
        RESIZING,
    ),
    "TIE002: resizing of its own": (
        "code that asks it for its token embedding fails",
        "code that asks it for its token embedding fails",
    ),
    "TIE202: a head that is removed": (LOST, ""),
    "TIE202: left to the config of a part": ("", "the setting is ignored"),
    "TIE202: tied by its initialization": ("", "the setting is ignored"),
}
"""What the rules say of what their pages show no example of: up to 4.57, and from 5.0."""

LATER = {"resize", "load without", "load targets", "load own head", "input"}
"""Aspects that take more than the model and its own checkpoint."""

CASES = [
    (name, release)
    for release in releases()
    for name, (rule, example) in sorted(of_pages().items())
    if contract_of(release).since in eras_shown(rule, example)
]


def different(bad: Behaviour, good: Behaviour) -> set[str]:
    """The aspects in which two behaviours differ, of those that both have."""
    return {name for name in bad if name in good and bad[name] != good[name]}


def test_every_example_makes_a_claim() -> None:
    assert CLAIMS.keys() == examples().keys()


def test_the_eras_that_differ_are_recorded() -> None:
    assert {"4.51.3", "4.57.6", "5.0.0", "5.23.0"} <= set(releases())


@pytest.mark.parametrize("release", releases())
def test_what_was_run_is_what_the_pages_show(release: str) -> None:
    assert load(release).keys() == examples().keys()
    stale = [name for name, found in load(release).items() if found["text"] != digest(name)]
    assert stale == [], "run `python -m tests.lab.claims.record`"


@pytest.mark.parametrize(("name", "release"), CASES)
def test_the_claim_comes_true(name: str, release: str) -> None:
    found = load(release)[name]
    assert different(found["bad"], found["good"]) & CLAIMS[name]


@pytest.mark.parametrize(("name", "release"), CASES)
def test_an_error_happens_with_the_config_as_it_is(name: str, release: str) -> None:
    rule, example = examples()[name]
    if rule.code in NEEDS_A_RANGE | OF_MODELS_BUILT_ON_IT:
        return
    found = load(release)[name]
    (said,) = findings(Path("acme.py"), example.bad, release)
    at_once = {one for one in different(found["bad"], found["good"]) if "-if-" not in one} - LATER
    assert said.severity == ("error" if at_once & CLAIMS[name] else "warning")


@pytest.mark.parametrize("release", releases())
@pytest.mark.parametrize("name", sorted(of_cases()))
def test_what_else_is_said_comes_true(name: str, release: str) -> None:
    rule, example = of_cases()[name]
    found = load(release)[name]
    effect = SAID[name][contract_of(release).ties_by == "keys"]
    if effect:
        (said,) = (one for one in findings(Path("acme.py"), example.bad, release) if one.code == rule.code)
        assert effect in said.message
        assert different(found["bad"], found["good"]) & CLAIMS[name]


@pytest.mark.parametrize(
    ("name", "release"),
    [(name, release) for name in sorted(CLAIMS) for release in releases() if name.startswith("TIE202")],
)
def test_a_head_of_its_own_is_lost_where_it_is_said(name: str, release: str) -> None:
    rule, example = examples()[name]
    kept = load(release)[name]["bad"].get("load own head-if-untied")
    for one in findings(Path("acme.py"), example.bad, release):
        if one.code == rule.code and "a head of its own" in one.message and isinstance(kept, bool):
            assert one.message.endswith(LOST) == (not kept)


@pytest.mark.parametrize("release", releases())
@pytest.mark.parametrize("name", sorted(CLAIMS))
def test_what_to_use_instead_works(name: str, release: str) -> None:
    good = load(release)[name]["good"]
    assert good["build"] == "works"
    assert good["save and load"] == {"missing": [], "changed": []}
    assert not isinstance(good["resize"], str)
