"""The recorded files are well-formed; that they are true is up to the recorder."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from tests.lab.truth.records import HERE, Partition, Truth, decode, encode, load, load_header, truth_file

RELEASES = sorted(path.stem for path in HERE.glob("*.jsonl"))
pytestmark = pytest.mark.parametrize("release", RELEASES)

#: Refusals that were found by hand before there was a recorder.
UNSAVABLE_ONCE_TIED = {"4.51.3": {"Mamba2ForCausalLM", "DbrxForCausalLM", "BlipTextLMHeadModel"}}


def test_the_header_describes_the_file(release: str) -> None:
    header = load_header(release)
    truths = load(release)
    assert header.transformers == release
    assert (header.built, header.not_built) == (
        sum(t.built for t in truths),
        sum(not t.built for t in truths),
    )


def test_classes_are_sorted_and_unique(release: str) -> None:
    keys = [(truth.module, truth.class_name) for truth in load(release)]
    assert all(earlier < later for earlier, later in pairwise(keys))


def test_every_line_is_written_as_the_recorder_writes_it(release: str) -> None:
    lines = truth_file(release).read_text(encoding="utf-8").splitlines()[1:]
    assert [encode(decode(line, Truth)) for line in lines] == lines


def test_what_could_not_be_built_says_nothing_else(release: str) -> None:
    for truth in load(release):
        if not truth.built:
            assert truth == Truth(truth.module, truth.class_name, error=truth.error)


def test_a_variant_has_ties_and_a_verdict_or_an_error(release: str) -> None:
    for truth in filter(lambda truth: truth.built, load(release)):
        for partition, saves, failure, refusal in (
            (truth.ties, truth.saves_default, None, truth.save_error_default),
            (truth.ties_if_tied, truth.saves, truth.error_if_tied, truth.save_error),
            (truth.ties_if_untied, truth.saves_if_untied, truth.error_if_untied, truth.save_error_if_untied),
        ):
            assert (partition is None) == (saves is None) == (failure is not None), truth
            assert (refusal is not None) == (saves is False), truth
            assert partition is None or is_partition(partition), truth


def is_partition(groups: Partition) -> bool:
    """Whether the groups are disjoint, of two names at least, and sorted throughout."""
    names = [name for group in groups for name in group]
    return (
        len(names) == len(set(names))
        and all(len(group) > 1 and group == sorted(group) for group in groups)
        and groups == sorted(groups)
    )


def test_paths_are_dotted_names_or_marked(release: str) -> None:
    for truth in load(release):
        for path in (truth.base_model, truth.input_embeddings, truth.output_embeddings):
            parts = (path or "x").removeprefix("!").split(".")
            assert all(part.isidentifier() or part.isdigit() for part in parts), truth


def test_no_trace_of_the_recording_machine(release: str) -> None:
    text = truth_file(release).read_text(encoding="utf-8")
    assert not any(place in text for place in ("/home/", "/usr/", "site-packages", " at 0x"))


def test_known_offenders_are_recorded(release: str) -> None:
    refused = {truth.class_name for truth in load(release) if truth.saves is False}
    assert refused >= UNSAVABLE_ONCE_TIED.get(release, set())


def test_the_header_is_json_on_one_line(release: str) -> None:
    first = truth_file(release).read_text(encoding="utf-8").partition("\n")[0]
    assert json.loads(first)["transformers"] == release
