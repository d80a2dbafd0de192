"""TIE902: comments that silence nothing, and what is left of them."""

from __future__ import annotations

import pytest

from tests.conftest import Write
from tests.examples import BAD, GOOD
from tie_lint.api import Configuration, check_paths

HEADER = "class AcmeForCausalLM(GemmaPreTrainedModel):"
ASKED = Configuration(transformers="5.23.0", extend_select=("TIE902",))


def fixed(write: Write, text: str, configuration: Configuration = ASKED) -> str:
    """The text after its safe fixes."""
    path = write("acme.py", text)
    check_paths([path], configuration, fixes="write")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("  # noqa: TIE001", ""),
        ("  # noqa: E501, TIE001", "  # noqa: E501"),
        ("  # noqa:TIE001,E501", "  # noqa: E501"),
        ("  # noqa: TIE001 as it is shared", "  # as it is shared"),
        ("  # type: ignore # noqa: TIE001", "  # type: ignore"),
        ("  # noqa: TIE001  # type: ignore", "  # type: ignore"),
        ("  # tie-lint: ignore", ""),
        ("  # tie-lint: ignore[TIE001, TIE004]", ""),
        ("  # noqa", "  # noqa"),
        ("  # noqa: E501", "  # noqa: E501"),
    ],
)
def test_what_silences_nothing_is_removed(write: Write, comment: str, left: str) -> None:
    text = GOOD.replace(HEADER, HEADER + comment)
    assert fixed(write, text) == GOOD.replace(HEADER, HEADER + left)


def test_a_line_of_its_own_goes_as_a_whole(write: Write) -> None:
    assert fixed(write, f"# tie-lint: ignore-file[TIE001]\n{GOOD}") == GOOD


def test_what_silences_something_stays(write: Write) -> None:
    text = BAD.replace(HEADER, f"{HEADER}  # noqa: TIE001")
    assert fixed(write, text) == text
    (found,) = check_paths(
        [write("acme.py", GOOD.replace(HEADER, f"{HEADER}  # noqa: TIE001"))], ASKED
    ).findings
    assert (found.code, found.line, found.column, found.message) == (
        "TIE902",
        GOOD.splitlines().index(HEADER) + 1,
        len(HEADER) + 3,
        "the comment silences TIE001, which is not reported here",
    )


@pytest.mark.parametrize("ignored", ["TIE001", "TIE0"])
def test_what_this_run_does_not_report_is_not_judged(write: Write, ignored: str) -> None:
    text = GOOD.replace(HEADER, f"{HEADER}  # noqa: TIE001")
    assert fixed(write, text, ASKED._replace(ignore=(ignored,))) == text


def test_it_is_off_by_default(write: Write) -> None:
    text = GOOD.replace(HEADER, f"{HEADER}  # noqa: TIE001")
    assert fixed(write, text, ASKED._replace(extend_select=None)) == text
