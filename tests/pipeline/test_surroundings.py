"""Which source files are around a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Write
from tests.fix.test_importers import HOLDS, INNER, PARTS
from tie_lint.cli import main
from tie_lint.pipeline.surroundings import Surroundings
from tie_lint.python.disk import Disk


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        *(
            "top.py",
            "notes.txt",
            "config.json",
            "pack/__init__.py",
            "pack/a.py",
            "pack/deep/b.py",
            "pack/c.ipynb",
        ),
        *("scripts/run.py", "ignored/x.py", ".hidden/y.py", "node_modules/z.py"),
    ):
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    return tmp_path / "tree"


def around(tree: Path, name: str) -> list[str]:
    found = Surroundings().of(tree / name, Disk())
    assert found.complete
    return sorted(Path(path).relative_to(tree).as_posix() for path in found.files)


PACKAGE = ["pack/__init__.py", "pack/a.py", "pack/c.ipynb", "pack/deep/b.py", "top.py"]


def test_without_a_repository_it_is_the_outermost_package_and_what_is_beside_it(tree: Path) -> None:
    assert around(tree, "pack/a.py") == PACKAGE
    assert around(tree, "top.py") == ["top.py"]
    assert around(tree, "scripts/run.py") == ["scripts/run.py"]


def test_in_a_repository_it_is_all_that_git_does_not_ignore(tree: Path) -> None:
    (tree / ".git").mkdir()
    (tree / ".gitignore").write_text("ignored/\n", encoding="utf-8")
    assert around(tree, "pack/a.py") == [*PACKAGE[:-1], "scripts/run.py", "top.py"]
    assert around(tree, "ignored/x.py") == ["ignored/x.py"]


IMPORTS = """
from pack.sub.deep import (One,
    two)
from . import three, four
from .five import *
import six.seven as eight, nine
try: import ten
except ImportError: eleven = None; from twelve import thirteen
    from .fourteen import fifteen  # import sixteen
"from seventeen import eighteen\\n",
nothing_to_import = important
from .five import eighteen, \\
    nineteen
"""


def test_what_a_file_imports_is_seen_from_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(IMPORTS, encoding="utf-8")
    words = set(Surroundings().of(tmp_path / "a.py", Disk()).importing)
    assert {"deep", "One", "two", "", "three", "four", "five", "six", "seven", "nine", "ten"} <= words
    assert {"twelve", "thirteen", "fourteen", "fifteen", "seventeen", "eighteen"} <= words
    assert not {"important", "nothing_to_import", "try"} & words


def test_a_line_of_many_imports_takes_no_longer_than_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 'important " + "import " * 200_000 + "'", encoding="utf-8")
    assert Surroundings().of(tmp_path / "a.py", Disk()).complete


def test_a_new_file_that_a_fix_would_harm_is_seen_through_the_cache(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["check", "inner.py", "--transformers", "4.51.3", "--isolated", "--output-format", "json"]

    def fixable() -> bool:
        main([*command, "--cache-dir", "kept"])
        found = json.loads(capsys.readouterr().out)
        (has_fix,) = (bool(one["fix"]) for one in found if one["code"] == "TIE004")
        return has_fix

    write("inner.py", INNER)
    write("parts.py", PARTS.format("inner"))
    assert fixable() and fixable()
    write("outer.py", HOLDS)
    assert not fixable()


UNRELATED = "import json\n\nclass Apart:\n    '''No model of {}.'''\n"


def test_what_a_fix_does_not_hang_on_may_change(write: Write, checked: list[str], tmp_path: Path) -> None:
    command = ["check", "inner.py", "outer.py", "--transformers", "4.51.3", "--isolated"]

    def looked_at() -> list[str]:
        checked.clear()
        main([*command, "--output-format", "json", "--cache-dir", str(tmp_path / "kept")])
        return checked

    write("inner.py", INNER)
    write("parts.py", PARTS.format("inner"))
    write("outer.py", HOLDS)
    write("apart.py", UNRELATED.format(1))
    assert looked_at() == ["inner.py", "outer.py"]
    write("apart.py", UNRELATED.format(2))
    assert looked_at() == []
    write("apart.py", f"import inner\n{UNRELATED.format(2)}")
    assert looked_at() == ["inner.py"], "it may hold a model that rests on that"
    write("parts.py", f"# changed\n{PARTS.format('inner')}")
    assert looked_at() == ["inner.py", "outer.py"]
    write("outer.py", f"# changed\n{HOLDS}")
    assert looked_at() == ["inner.py", "outer.py"]
