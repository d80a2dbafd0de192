"""Groups of names that differ by the numbers in them alone."""

from __future__ import annotations

from tie_lint.rules.alike import alike, groups_named


def test_groups_of_one_line_are_one_list_that_begins_with_the_lowest_number() -> None:
    groups = [["a.10.x", "b.10.y"], ["head.w", "words.w"], ["a.2.x", "b.2.y"]]
    assert alike(groups) == [[["a.2.x", "b.2.y"], ["a.10.x", "b.10.y"]], [["head.w", "words.w"]]]


def test_a_number_within_a_name_is_part_of_it() -> None:
    assert alike([["fc1.w", "x.w"], ["fc2.w", "x.w"]]) == [[["fc1.w", "x.w"]], [["fc2.w", "x.w"]]]


def test_the_first_group_is_named_and_the_others_are_counted() -> None:
    assert [groups_named([["a", "b"]] * count) for count in (1, 2, 3)] == [
        "a and b",
        "a and b (and 1 more group of names)",
        "a and b (and 2 more groups of names)",
    ]
