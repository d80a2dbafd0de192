"""What `explain` prints for people."""

from __future__ import annotations

import io

import pytest

from tests.conftest import Write
from tests.examples import BAD, GOOD
from tie_lint.api import Configuration, UsageError, explain_paths
from tie_lint.output.explanation import write_text
from tie_lint.pipeline.links import LINK_OF
from tie_lint.rules import all_rules


def printed(path: str, transformers: str) -> list[str]:
    stream = io.StringIO()
    write_text(explain_paths([path], Configuration(transformers=transformers)), stream)
    return stream.getvalue().splitlines()


def test_a_broken_link_has_its_rule_and_its_fix(write: Write) -> None:
    write("bad.py", BAD)
    lines = printed("bad.py", "4.51.3")
    broken = next(index for index, line in enumerate(lines) if line.startswith("  ✗ get_output_embeddings"))
    assert lines[broken + 1].startswith("      TIE001 ")
    head = next(number for number, line in enumerate(BAD.splitlines(), 1) if "self.head = " in line)
    assert lines[broken + 2] == f"      bad.py:{head}: the head, self.head, is made here"
    assert lines[broken + 3] == f"      a safe fix in line {BAD.count(chr(10))}:"
    assert "      +     def get_output_embeddings(self):" in lines
    assert any(line.startswith("  ✗ tied") for line in lines)


def test_targets_that_agree_share_a_block_and_a_strip_has_a_column_for_each_stretch(write: Write) -> None:
    write("bad.py", BAD)
    lines = printed("bad.py", ">=4.45")
    headers = [line for line in lines if line.startswith("AcmeForCausalLM")]
    assert [header.count(", ") for header in headers] == [4, 1]
    strip = [line.split() for line in lines[-5:]]
    assert [row[0] for row in strip] == ["transformers", "tied", "saved", "loaded", "resized"]
    assert strip[1][1:] == ["✗", "✓"] or len(strip[0]) == 2


def test_one_target_has_no_strip(write: Write) -> None:
    write("good.py", GOOD)
    assert not any(line.strip().startswith("transformers") for line in printed("good.py", "5.23.0"))


def test_a_stream_without_the_signs_gets_plain_ones(write: Write) -> None:
    write("good.py", GOOD)
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    write_text(explain_paths(["good.py"], Configuration(transformers="5.23.0")), stream)
    stream.seek(0)
    assert "  + _tied_weights_keys" in stream.read()


def test_a_class_that_is_not_there_has_neighbours(write: Write) -> None:
    write("good.py", GOOD)
    with pytest.raises(UsageError, match="no model class Acme; there are AcmeForCausalLM"):
        list(explain_paths(["good.py::Acme"], Configuration(transformers="5.23.0")))


def test_every_rule_about_a_class_has_its_link() -> None:
    about_files = {"TIE900", "TIE901", "TIE902"}
    rules = {code for code, rule in all_rules().items() if not (rule.of_folders or rule.of_adapters)}
    assert rules - about_files == LINK_OF.keys() - {"TIE506"}
