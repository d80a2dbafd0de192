"""The recorded files are well-formed, and the list of packages is what they are about."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.lab.packages.agree import Unknown, causes
from tests.lab.packages.page import Figures, page
from tests.lab.packages.records import Record, load, load_header, record_file, releases
from tests.lab.packages.sources import packages
from tests.lab.truth.records import encode
from tie_lint.cause import Cause

MOST = 1_500_000
"""Bytes that all records may have together."""


def test_the_list_names_exact_versions_once() -> None:
    listed = packages()
    assert len({package.requirement for package in listed}) == len(listed) >= 25
    assert all(part.count("==") == 1 for package in listed for part in package.parts)


def test_the_records_are_small() -> None:
    assert 0 < sum(record_file(release).stat().st_size for release in releases()) < MOST


@pytest.mark.parametrize("release", releases())
class TestAFile:
    def test_the_header_describes_it(self, release: str) -> None:
        header, records = load_header(release), load(release)
        assert header.transformers == release
        assert header.built == sum(record.built for record in records)
        assert header.built + header.not_built == len(records)

    def test_it_follows_the_list_of_packages(self, release: str) -> None:
        order = [package.requirement for package in packages()]
        keys = [(order.index(record.package), record.module, record.class_name) for record in load(release)]
        assert all(earlier < later for earlier, later in pairwise(keys))

    def test_every_line_is_written_as_the_recorder_writes_it(self, release: str) -> None:
        lines = record_file(release).read_text(encoding="utf-8").splitlines()[1:]
        assert list(map(encode, load(release))) == lines

    def test_what_was_built_has_a_config_and_what_was_not_says_why(self, release: str) -> None:
        for record in load(release):
            assert (record.config is None) == (record.error is not None), record
            if not record.built:
                bare = Record(record.module, record.class_name, record.error, package=record.package)
                assert record == bare

    def test_no_trace_of_the_recording_machine(self, release: str) -> None:
        text = record_file(release).read_text(encoding="utf-8")
        assert not any(place in text for place in ("/home/", "/root/", "/tmp/", "site-packages", " at 0x"))


def _cause(text: str) -> Cause:
    return Cause(text, "m.py", 1)


def test_a_place_is_a_line_or_a_class_of_the_library() -> None:
    library = "transformers.models.bert.modeling_bert.BertModel"
    placed = [Cause("a loop", "m.py", 4), Cause("a loop", library, None)]
    assert all(Unknown("a.A", "ties", [cause]).has_place for cause in placed)
    for lost in ([], [Cause("", "m.py", 4)], [Cause("a loop", "", None)]):
        assert not Unknown("a.A", "ties", lost).has_place


def test_causes_are_told_without_the_place_in_the_model_and_most_first() -> None:
    unknown = [
        Unknown("a.A", "ties", [_cause("encoder.layers.3.act: a comparison >"), _cause("KeyError: 4")]),
        Unknown("a.A", "saves", [_cause("encoder.layers.0.act: a comparison >")]),
        Unknown("a.B", "ties", [_cause("layers.0.act: a comparison >")]),
        Unknown("a.C", "ties", []),
    ]
    assert causes(unknown) == [
        ("a comparison >", 2, 1),
        ("KeyError: 0", 1, 0),
        ("no cause is given", 1, 1),
    ]


def test_the_page_says_what_was_counted() -> None:
    release = releases()[0]
    counted = {"ties": {"right": 7, "unknown": 2, "wrong": 1}}
    text = page([Figures(release, counted, 40, 3, {"ties": 10}, [("KeyError: 0", 3, 2)])])
    assert f"## transformers {release}" in text
    assert "| ties | 7 | 2 | 1 | 10 (25.0%) |" in text
    assert "| 3 | 2 | `KeyError: 0` |" in text
