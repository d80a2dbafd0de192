"""How a project with findings comes to use tie-lint: baseline, comments, what has changed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Write
from tests.examples import BAD, GOOD
from tests.fix.test_importers import HOLDS, INNER, PARTS
from tie_lint.cli import main
from tie_lint.cli.watch import _counts

Capture = pytest.CaptureFixture[str]
RELEASE = ["--transformers", "5.23.0", "--output-format", "concise"]
OTHER = BAD.partition("class ")[1] + BAD.partition("class ")[2].replace("AcmeFor", "OtherFor")


def found(capsys: Capture, *arguments: str) -> list[str]:
    """The file and class of each finding."""
    capsys.readouterr()
    main([*arguments, *RELEASE, "--output-format", "json"])
    return [f"{one['path']}:{one['class']}" for one in json.loads(capsys.readouterr().out)]


def test_a_baseline_leaves_out_what_is_known_however_lines_move(
    write: Write, capsys: Capture, folder: Path
) -> None:
    write("acme.py", BAD)
    write("sub/acme.py", BAD)
    assert main(["--baseline", "known.json", "--write-baseline", *RELEASE]) == 0
    assert json.loads((folder / "known.json").read_text()) == {
        "tie-lint baseline": 1,
        "findings": {
            "acme.py": {"AcmeForCausalLM": {"TIE001": 1}},
            "sub/acme.py": {"AcmeForCausalLM": {"TIE001": 1}},
        },
    }
    write("acme.py", f"# moved\n\n{BAD}\n\n{OTHER}")
    assert found(capsys, "--baseline", "known.json") == ["acme.py:OtherForCausalLM"]
    assert main(["--baseline", "known.json", "sub", *RELEASE]) == 0
    assert "1 known problem in the baseline." in capsys.readouterr().out


def test_a_baseline_is_the_same_from_every_directory(
    write: Write, capsys: Capture, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("sub/acme.py", BAD)
    main(["--baseline", "known.json", "--write-baseline", *RELEASE])
    monkeypatch.chdir(folder / "sub")
    assert main(["--baseline", "../known.json", *RELEASE]) == 0


def test_a_baseline_of_some_files_keeps_what_it_knows_of_others(
    write: Write, capsys: Capture, folder: Path
) -> None:
    for name in ("one.py", "two.py", "sub/three.py"):
        write(name, BAD)
    known = ["--baseline", "known.json", *RELEASE]
    main([*known, "--write-baseline"])
    write("one.py", GOOD)
    (folder / "two.py").unlink()
    assert main([*known, "--write-baseline", "one.py"]) == 0
    assert json.loads((folder / "known.json").read_text())["findings"].keys() == {"sub/three.py"}
    assert capsys.readouterr().out.splitlines()[-1] == "known.json: 1 known problem"


def test_a_file_that_is_no_baseline_is_not_written_over(write: Write, capsys: Capture) -> None:
    path = write("acme.py", BAD)
    assert main(["--baseline", "acme.py", "--write-baseline", *RELEASE]) == 2
    assert "acme.py: no baseline: " in capsys.readouterr().err
    assert path.read_text() == BAD


def test_comments_are_added_only_for_what_the_baseline_does_not_know(
    write: Write, capsys: Capture, folder: Path
) -> None:
    old = write("old.py", BAD)
    main(["--baseline", "known.json", "--write-baseline", *RELEASE])
    write("new.py", BAD)
    capsys.readouterr()
    assert main(["--baseline", "known.json", "--add-noqa", *RELEASE]) == 0
    assert capsys.readouterr().out == "Silenced 1 problem by comments.\n"
    assert old.read_text() == BAD


def test_what_is_no_longer_there_is_told_if_it_was_looked_for(
    write: Write, capsys: Capture, folder: Path
) -> None:
    write("one.py", BAD)
    write("two.py", BAD)
    write("three.py", BAD)
    main(["--baseline", "known.json", "--write-baseline", *RELEASE])
    write("one.py", GOOD)
    (folder / "two.py").unlink()
    capsys.readouterr()
    assert main(["--baseline", "known.json", "one.py", *RELEASE]) == 0
    told = capsys.readouterr().err
    assert "one.py: AcmeForCausalLM: TIE001 is no longer found" in told and "two.py: " in told
    assert "three.py" not in told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "no baseline"),
        ("[]", "no baseline"),
        ('{"tie-lint baseline": 9}', "not of format 1"),
        (None, "makes one"),
    ],
)
def test_what_is_no_baseline_is_bad_usage(
    write: Write, capsys: Capture, text: str | None, message: str
) -> None:
    write("acme.py", BAD)
    if text is not None:
        write("known.json", text)
    assert main(["--baseline", "known.json", *RELEASE]) == 2
    assert message in capsys.readouterr().err


HEADS = {
    "one line": ("class AcmeForCausalLM(GemmaPreTrainedModel):", "  # noqa: TIE001"),
    "a comment": ("class AcmeForCausalLM(GemmaPreTrainedModel):  # noqa: E501", ", TIE001"),
    "brackets": ("class AcmeForCausalLM(\n    GemmaPreTrainedModel,\n):", "  # noqa: TIE001"),
    "a backslash": ("class AcmeForCausalLM \\\n        (GemmaPreTrainedModel):", "  # noqa: TIE001"),
}


@pytest.mark.parametrize("head", HEADS)
def test_comments_silence_what_is_found(write: Write, capsys: Capture, head: str) -> None:
    before, comment = HEADS[head]
    text = BAD.replace(HEADS["one line"][0], before)
    path = write("acme.py", text)
    assert main(["--add-noqa", *RELEASE]) == 0
    assert capsys.readouterr().out == "Silenced 1 problem by comments.\n"
    assert path.read_text() == text.replace(before, before + comment)
    assert main(RELEASE) == 0


def test_what_no_comment_can_silence_is_told(write: Write, capsys: Capture) -> None:
    write("broken.py", "from transformers import PreTrainedModel\nclass A(PreTrainedModel:\n")
    assert main(["--add-noqa", *RELEASE]) == 0
    assert "broken.py: not silenced: it cannot be read" in capsys.readouterr().err


def git(*arguments: str) -> None:
    identity = {f"GIT_{who}_{what}": "x@y" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", *arguments], check=True, capture_output=True, env={**os.environ, **identity})


@pytest.fixture
def repository(write: Write, folder: Path) -> Path:
    """A base class, a model in another file that derives from it, and one of its own, all committed."""
    (folder / ".git").rmdir()
    write("pkg/__init__.py", "")
    write("pkg/base.py", "from transformers import GemmaPreTrainedModel as AcmeBase\n")
    head = BAD.replace(
        "import GemmaModel, GemmaPreTrainedModel", "import GemmaModel\nfrom pkg.base import AcmeBase"
    )
    write("pkg/derived.py", head.replace("(GemmaPreTrainedModel)", "(AcmeBase)"))
    write("pkg/alone.py", BAD)
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "all")
    return folder


@pytest.mark.parametrize("cache", [["--no-cache"], []])
def test_what_has_changed_and_what_depends_on_it_is_reported(
    repository: Path, write: Write, capsys: Capture, cache: list[str]
) -> None:
    both = [str(Path("pkg/derived.py:AcmeForCausalLM"))]
    assert len(found(capsys, ".", *cache)) == 2
    assert found(capsys, ".", "--changed", *cache) == []
    write("pkg/base.py", "# changed\nfrom transformers import GemmaPreTrainedModel as AcmeBase\n")
    for _ in range(2):
        assert found(capsys, ".", "--changed", *cache) == both
    git("commit", "-qam", "changed")
    assert found(capsys, ".", "--changed", *cache) == []
    assert found(capsys, ".", "--changed", "HEAD~1", *cache) == both
    write("new.py", BAD)
    assert found(capsys, ".", "--changed", *cache) == ["new.py:AcmeForCausalLM"]


def test_changes_on_another_branch_are_not_this_one_s(
    repository: Path, write: Write, capsys: Capture
) -> None:
    git("checkout", "-qb", "feature")
    write("new.py", BAD)
    git("add", ".")
    git("commit", "-qm", "new")
    git("checkout", "-q", "main")
    write("pkg/alone.py", f"# changed on main\n{BAD}")
    git("commit", "-qam", "main goes on")
    git("checkout", "-q", "feature")
    assert found(capsys, ".", "--changed", "main") == ["new.py:AcmeForCausalLM"]


def test_before_the_first_commit_all_has_changed(write: Write, capsys: Capture, folder: Path) -> None:
    (folder / ".git").rmdir()
    git("init", "-q")
    write("acme.py", BAD)
    write("staged.py", BAD)
    git("add", "staged.py")
    assert found(capsys, ".", "--changed") == ["acme.py:AcmeForCausalLM", "staged.py:AcmeForCausalLM"]


def test_a_base_that_history_does_not_reach_back_to_is_compared_with_itself(
    repository: Path, write: Write, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("checkout", "-qb", "feature")
    write("pkg/alone.py", f"# changed\n{BAD}")
    git("commit", "-qam", "changed")
    git("checkout", "-q", "main")
    write("other.py", "")
    git("add", ".")
    git("commit", "-qm", "main goes on")
    clone = repository.parent / f"{repository.name}-shallow"
    git("clone", "-q", "--depth", "1", "--no-single-branch", "-b", "feature", repository.as_uri(), str(clone))
    monkeypatch.chdir(clone)
    assert found(capsys, ".", "--changed", "origin/main") == [f"{Path('pkg/alone.py')}:AcmeForCausalLM"]


def test_nothing_that_has_changed_is_told_as_such(repository: Path, capsys: Capture) -> None:
    assert main([".", "--changed", *RELEASE]) == 0
    assert "no model file among the paths, nor what it depends on, has changed since HEAD" in (
        capsys.readouterr().err
    )


def test_a_base_that_git_does_not_know_is_bad_usage(repository: Path, capsys: Capture) -> None:
    assert main([".", "--changed", "nowhere", *RELEASE]) == 2
    assert "--changed: git says: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("acme.py", True),
        ("acme.ipynb", True),
        ("config.json", True),
        ("tie-lint.toml", True),
        ("requirements-dev.txt", True),
        ("uv.lock", True),
        ("report.json", False),
        ("report.txt", False),
        ("known.json", False),
    ],
)
def test_a_report_that_is_written_is_no_change_to_watch_for(name: str, counts: bool) -> None:
    assert _counts(name) == counts


@pytest.mark.parametrize("watchfiles", [False, True])
def test_watching_checks_again_after_a_change(write: Write, watchfiles: bool) -> None:
    if watchfiles:
        pytest.importorskip("watchfiles")
    path = write("acme.py", GOOD)
    program = (
        "import sys; sys.modules.update({} if %r else {'watchfiles': None});"
        "from tie_lint.cli import command; sys.exit(command())"
    )
    command = [sys.executable, "-c", program % watchfiles, "--watch", ".", "--no-cache", *RELEASE]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        assert process.stdout.readline().startswith("No problem found")
        new = write("new.py.swp", BAD)  # as editors write: elsewhere, and then in its place
        new.replace(path)
        assert process.stdout.readline().startswith("acme.py:5:7: TIE001")
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--write-baseline"], "--write-baseline needs --baseline"),
        (["--add-noqa", "--fix"], "--add-noqa and --fix do not go together"),
        (["-", "--watch"], "standard input is no file"),
    ],
)
def test_options_that_do_not_go_together(
    write: Write, capsys: Capture, arguments: list[str], message: str
) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


def pipe(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_fixing_standard_input_prints_the_fixed_text(
    write: Write, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("acme.py", BAD)
    pipe(monkeypatch, f"# é\n{BAD}")
    assert main(["-", "--fix", "--stdin-filename", "acme.py", *RELEASE]) == 0
    printed = capfdbinary.readouterr()
    assert printed.out == f"# é\n{GOOD}".encode()
    assert b"Fixed 1 problem." in printed.err
    assert path.read_text() == BAD
    pipe(monkeypatch, GOOD)
    assert main(["-", "--fix", "-q", *RELEASE]) == 0
    assert capfdbinary.readouterr() == (GOOD.encode(), b"")


def test_standard_input_that_is_excluded_is_left_as_it_is(
    write: Write, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("tie-lint.toml", 'exclude = ["gen/"]\n')
    pipe(monkeypatch, BAD)
    assert main(["-", "--fix", "-q", "--stdin-filename", "gen/acme.py", *RELEASE]) == 0
    assert capfdbinary.readouterr().out == BAD.encode()


def test_standard_input_is_explained(write: Write, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, GOOD)
    assert main(["explain", "-", "--stdin-filename", "models/acme.py", "--transformers", "5.23.0"]) == 0
    assert "AcmeForCausalLM  models/acme.py:5" in capsys.readouterr().out


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_knows_commands_and_options(capsys: Capture, shell: str) -> None:
    pytest.importorskip("shtab")
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(word in script for word in ("explain", "--output-format", "--write-baseline"))
    if shell == "bash":
        done = "COMP_WORDS=(tie-lint exp); COMP_CWORD=1; _shtab_tie_lint; echo ${COMPREPLY[@]}"
        run = subprocess.run(["bash", "-c", f"{script}\n{done}"], capture_output=True, text=True, check=True)
        assert run.stdout.split() == ["explain"]


def test_completion_without_shtab_says_what_to_install(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == 2
    assert "pip install 'tie-lint[completion]'" in capsys.readouterr().err


def test_what_a_fix_does_to_another_file_brings_no_finding(
    write: Write, capsys: Capture, folder: Path
) -> None:
    (folder / ".git").rmdir()
    for name, text in {"inner": INNER, "parts": PARTS.format("inner"), "outer": HOLDS}.items():
        write(f"{name}.py", text)
    write(".gitignore", "kept/\n")
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "all")
    command = [".", "--changed", "--transformers", "4.51.3", "--cache-dir", "kept", "--output-format", "json"]

    def reported() -> set[str]:
        main(command)
        return {one["path"] for one in json.loads(capsys.readouterr().out)}

    write("outer.py", f"# changed\n{HOLDS}")
    for _ in range(2):
        assert reported() == {"outer.py"}
    write("inner.py", f"# changed\n{INNER}")
    assert reported() == {"inner.py", "outer.py"}
