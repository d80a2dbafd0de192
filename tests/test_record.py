"""Records behave as dataclasses do, and named tuples as those of Python, as far as they have the same."""

from __future__ import annotations

import pickle
import typing

import pytest

from tie_lint.record import Data, NamedTuple, Record, field, replace


class Point(Data):
    """A place and what is said of it."""

    x: int
    y: int = 0
    notes: list[str] = field(default_factory=list)
    seen: bool = field(default=False, compare=False)


class Place(Point):
    """A point with a name."""

    name: str = ""


class Thing(Record):
    """Something."""

    value: int


def test_fields_are_given_by_position_or_name_and_have_defaults() -> None:
    assert repr(Point(1, y=2)) == "Point(1, 2, [], False)"
    assert repr(Place(1, name="a")) == "Place(1, 0, [], False, 'a')"
    assert Point(1).notes is not Point(1).notes


@pytest.mark.parametrize("arguments", [(), (1, 2, [], True, 5)])
def test_too_few_and_too_many_are_errors(arguments: tuple[int, ...]) -> None:
    with pytest.raises(TypeError):
        Point(*arguments)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Point(1, z=2)  # type: ignore[call-arg]


def test_there_are_no_other_attributes() -> None:
    with pytest.raises(AttributeError):
        Point(1).z = 2  # type: ignore[attr-defined]


def test_data_is_equal_by_what_is_compared_and_of_one_class() -> None:
    assert Point(1, 2) == Point(1, 2, seen=True) != Point(1, 3)
    assert Point(1, 2) != Place(1, 2)
    assert sorted([Point(2), Point(1, 5), Point(1, 2)]) == [Point(1, 2), Point(1, 5), Point(2)]


def test_data_is_hashed_by_what_is_compared() -> None:
    assert len({Point(1, 2, ()), Point(1, 2, (), seen=True), Point(1, 3, ())}) == 2  # type: ignore[arg-type]


def test_records_are_equal_only_to_themselves() -> None:
    thing = Thing(1)
    assert thing == thing != Thing(1)
    assert len({thing, Thing(1)}) == 2


def test_a_record_with_changes_is_another_with_the_rest_as_it_was() -> None:
    before = Place(1, 2, ["a"], True, "b")
    after = replace(before, y=3)
    assert repr(after) == "Place(1, 3, ['a'], True, 'b')"
    assert before.y == 2


def test_fields_are_matched_by_position() -> None:
    match Place(1, 2):
        case Place(x, y):
            assert (x, y) == (1, 2)
        case _:
            pytest.fail("not matched")


def test_records_are_pickled() -> None:
    assert pickle.loads(pickle.dumps(Place(1, 2, ["a"], True, "b"))).name == "b"


class Cell(NamedTuple):
    """Where something is."""

    row: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.row}:{self.column}"


class Marked(Cell):
    """A cell that knows more than its items."""

    mark = ""


class Unmade(NamedTuple):
    """No tuple of this class is ever made but in a test."""

    first: str
    rest: tuple[str, ...] = ()


def _theirs() -> typing.Any:
    class Cell(typing.NamedTuple):
        row: int
        column: int

    return Cell


def test_a_named_tuple_is_one_of_python() -> None:
    theirs = _theirs()
    own = Cell(3, column=4)
    for one, other in ((own, theirs(3, 4)), (own._replace(row=5), theirs(5, 4))):
        assert one == other == tuple(other)
        assert (repr(one), one._asdict(), one._fields) == (repr(other), other._asdict(), other._fields)
        assert len({one, other}) == 1
    assert Cell(3) == (3, 1)
    assert str(own) == "3:4"
    assert not hasattr(own, "__dict__")


def test_the_first_named_tuple_may_be_one_of_a_class_beneath() -> None:
    class Beneath(Unmade):
        pass

    made = Beneath("a")
    assert (made.first, made.rest, type(made)) == ("a", (), Beneath)
    assert type(Unmade("b")._replace(rest=("c",))) is Unmade


@pytest.mark.parametrize("arguments", [(), (1, 2, 3)])
def test_items_too_few_and_too_many_are_errors(arguments: tuple[int, ...]) -> None:
    with pytest.raises(TypeError):
        Cell(*arguments)
    with pytest.raises(TypeError):
        Cell(1, x=2)  # type: ignore[call-arg]
    with pytest.raises((TypeError, ValueError)):
        Cell(1)._replace(x=2)  # type: ignore[call-arg]


def test_items_are_matched_by_position() -> None:
    match Marked(1):
        case Cell(row, column):
            assert (row, column) == (1, 1)
        case _:
            pytest.fail("not matched")


def test_named_tuples_are_pickled() -> None:
    marked = Marked(1, 2)
    marked.mark = "x"
    known = pickle.loads(pickle.dumps((Cell(1), marked)))
    assert known == (Cell(1), (1, 2))
    assert (type(known[1]), known[1].mark) == (Marked, "x")
