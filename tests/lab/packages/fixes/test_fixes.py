"""The fixes of others' packages: none that is safe does harm, and the page has what is recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.packages.findings.effects import Seen
from tests.lab.packages.fixes.judging import better, worse
from tests.lab.packages.fixes.page import PAGE, no_longer_built, with_tables
from tests.lab.packages.fixes.reaching import reached
from tests.lab.packages.fixes.records import (
    NOT_RUN,
    ONE,
    RIGHT,
    Offered,
    load,
    recorded,
    releases,
    with_what_was_read,
    write,
)
from tests.lab.packages.sources import packages
from tests.lab.truth.classes import ClassName

RELEASES = pytest.mark.parametrize("release", releases())


def test_both_releases_are_recorded() -> None:
    assert releases() == ["4.51.3", "5.23.0"]


@RELEASES
def test_each_safe_fix_was_run_and_is_right_or_was_read(release: str) -> None:
    for fix in load(recorded(release)):
        assert fix.verdict == RIGHT or fix.what != ONE or fix.read, fix
        assert not fix.safe or fix.verdict in (RIGHT, NOT_RUN), fix


@RELEASES
def test_after_an_unsafe_fix_all_is_built_that_was_before_and_nothing_new_is_found(release: str) -> None:
    for fix in load(recorded(release)):
        assert not no_longer_built(fix) and not fix.brings, fix


@RELEASES
def test_the_fixes_are_of_the_packages_of_the_list_in_its_order(release: str) -> None:
    order = [package.requirement for package in packages()]
    places = [order.index(fix.package) for fix in load(recorded(release))]
    assert places == sorted(places)


@RELEASES
def test_no_trace_of_the_recording_machine(release: str) -> None:
    text = recorded(release).read_text(encoding="utf-8")
    assert not any(place in text for place in ("/home/", "/root/", "/tmp/", "site-packages", " at 0x"))


def test_the_page_has_what_is_recorded() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page)


FIX = Offered("a==1", ONE, True, "a/m.py", 3, "TIE005", "Model", RIGHT, "Model: load")


def test_a_fix_survives_being_written_down(tmp_path: Path) -> None:
    write(tmp_path / "fixes.jsonl", [FIX])
    assert load(tmp_path / "fixes.jsonl") == [FIX]


def test_what_was_read_stays_as_long_as_the_library_makes_the_same_of_it() -> None:
    other = Offered(**{**vars(FIX), "verdict": NOT_RUN})
    read = Offered(**{**vars(other), "read": "it is right"})
    assert with_what_was_read([FIX, other], [read]) == [FIX, read]


ALL: Seen = {"missing_keys": [], "unexpected_keys": [], "ties": [["e.weight", "h.weight"]]}
NO_TIE: Seen = {**ALL, "ties": []}
LOST: Seen = {**NO_TIE, "missing_keys": ["h.weight"]}
UNTIED: Seen = {"ties": [], "load": NO_TIE}
TIED: Seen = {"ties": ALL["ties"], "load": ALL}
CASES: list[tuple[Seen, Seen, list[str], list[str]]] = [
    ({**UNTIED, "ties-if-untied": []}, {**TIED, "ties-if-untied": []}, [], ["load", "ties"]),
    (UNTIED, TIED, ["ties"], ["load"]),
    ({**TIED, "ties-if-untied": []}, {**UNTIED, "ties-if-untied": []}, ["load", "ties"], []),
    (UNTIED, {**UNTIED, "load": LOST}, ["load"], []),
    (UNTIED, {**UNTIED, "load-earlier": LOST}, ["load-earlier"], []),
    (UNTIED, {**UNTIED, "load-earlier": NO_TIE}, [], []),
    ({"build": "no"}, {**UNTIED, "load": LOST}, ["load"], ["build", "ties"]),
    ({"build": "no"}, {"ties": [], "resize": "fails"}, [], ["build", "ties"]),
    (UNTIED, {**UNTIED, "resize": "fails"}, ["resize"], []),
    ({"error": "one"}, {"error": "another"}, [], []),
    ({"saves": True}, {"saves": False}, ["saves"], []),
    ({"input-getter": "!NotImplementedError"}, {"input-getter": "e"}, [], ["input-getter"]),
    ({"input-getter": "e"}, {"input-getter": "f"}, ["input-getter"], []),
    ({"resize-output": ["h.weight"]}, {"resize-output": []}, ["resize-output"], []),
]


@pytest.mark.parametrize(("before", "after", "bad", "good"), CASES)
def test_what_a_fix_makes_worse_and_what_better(
    before: Seen, after: Seen, bad: list[str], good: list[str]
) -> None:
    assert worse(before, after) == bad
    assert better(before, after) == good


def test_a_getter_may_move_where_the_rule_says_that_it_is_wrong() -> None:
    before, after = {"input-getter": "e"}, {"input-getter": "f"}
    assert worse(before, after, "TIE005 TIE104") == []
    assert better(before, after, "TIE104") == ["input-getter"]


FILES = {
    "p/__init__.py": "from .a import *\n",
    "p/a.py": "class Base: x = 1\nclass A(Base): pass\nclass Other: pass\n",
    "p/b.py": "import p.a as m\nclass B: part = m.A\n",
    "p/c.py": "from p import A as Part\nif True:\n    class C: part = Part\n",
    "p/d.py": "class A: pass\nclass D(A): pass\n",
}


def test_a_change_reaches_what_mentions_it_wherever_it_is_imported(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = reached(tmp_path, {"p/a.py": FILES["p/a.py"].replace("x = 1", "x = 2")})
    names = {("p.a", "Base"), ("p.a", "A"), ("p.b", "B"), ("p.c", "C")}
    assert found == {ClassName(*name) for name in names}
