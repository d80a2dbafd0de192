"""Paths that are no regular files, trees that cannot be read, and what a fix must leave alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.examples import BAD, LINE
from tests.hostile.bounded import MAPPING, afresh, bounded, environment, shell
from tests.hostile.texts import IMPORT
from tie_lint.python.disk import read_file

HOW = ["--isolated", "--no-cache", "--jobs", "1", "--transformers", MAPPING]
MODEL = f"{IMPORT}class A(PreTrainedModel): pass\n"
AS_ROOT = os.geteuid() == 0


def test_an_empty_path_is_bad_usage(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(BAD)
    ended = bounded("", *HOW, cwd=tmp_path)
    assert ended.code == 2 and ended.told_without_traceback()


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    ended = bounded("a" * 5_000, *HOW, cwd=tmp_path)
    assert ended.code == 2 and ended.told_without_traceback()


@pytest.mark.parametrize("subcommand", ["check", "explain"])
def test_a_fifo_is_not_waited_for(tmp_path: Path, subcommand: str) -> None:
    os.mkfifo(tmp_path / "x.py")
    (tmp_path / "ok.py").write_text(MODEL)
    how = ["--isolated", "--transformers", MAPPING]
    assert bounded(subcommand, ".", *how, cwd=tmp_path).told_without_traceback()


def test_a_file_that_has_become_a_fifo_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As is a file of the kernel that hands out what comes in: it looks like a plain one."""
    plain, fifo = tmp_path / "plain.py", tmp_path / "fifo.py"
    plain.touch()
    os.mkfifo(fifo)
    found = plain.stat()
    monkeypatch.setattr("tie_lint.python.disk.os.stat", lambda path: found)
    assert read_file(str(fifo)) == b""


def test_a_folder_that_is_too_deep_costs_itself(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(BAD, encoding="utf-8")
    folder = os.open(tmp_path, os.O_RDONLY)
    for _ in range(50):
        os.mkdir("d" * 100, dir_fd=folder)
        outer, folder = folder, os.open("d" * 100, os.O_RDONLY, dir_fd=folder)
        os.close(outer)
    os.close(folder)
    ended = bounded("check", ".", "--no-cache", cwd=tmp_path)
    assert ended.code == 1 and "m.py:" in ended.out
    assert "File name too long" in ended.err and ended.told_without_traceback()


def test_requirements_that_are_a_fifo_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "requirements.txt")
    (tmp_path / ".git").mkdir()
    (tmp_path / "ok.py").write_text(MODEL)
    assert bounded(".", "--no-cache", cwd=tmp_path).told_without_traceback()


@pytest.mark.parametrize("subcommand", ["check", "explain"])
def test_a_link_to_a_device_is_not_read_to_its_end(tmp_path: Path, subcommand: str) -> None:
    (tmp_path / "x.py").symlink_to("/dev/zero")
    (tmp_path / "ok.py").write_text(MODEL)
    how = ["--isolated", "--transformers", MAPPING]
    assert bounded(subcommand, ".", *how, cwd=tmp_path).told_without_traceback()


def test_links_that_lead_in_a_circle_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").symlink_to("b.py")
    (tmp_path / "b.py").symlink_to("a.py")
    ended = bounded("a.py", *HOW, cwd=tmp_path)
    assert ended.code in (1, 2) and ended.told_without_traceback()
    assert "a.py" in ended.out + ended.err


def test_a_codec_that_raises_costs_its_file(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("# coding: punycode\nfrom transformers import PreTrainedModel\nx = 1\n")
    (tmp_path / "bad.py").write_text(BAD)
    ended = bounded(".", *HOW, cwd=tmp_path)
    assert ended.code == 1 and ended.told_without_traceback()
    assert f"bad.py:{LINE}:" in ended.out


@pytest.mark.skipif(not AS_ROOT, reason="becomes another user")
def test_without_a_home_and_a_passwd_entry_nothing_is_cached_and_all_is_checked() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "bad.py").write_text(BAD)
        done = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, "bad.py", "--isolated", "--transformers", MAPPING],
            cwd=folder,
            env=environment({"XDG_CACHE_HOME": str(folder / "cache")}),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode, done.stderr) == (1, "")
        assert done.stdout.count(": TIE001 ") == 2
        assert sorted(path.name for path in folder.iterdir()) == ["bad.py", "cache"]


_AS_NOBODY = """
import os, sys
from tie_lint.cli import main
main(sys.argv[1:])  # what it imports can be read now, and perhaps not then
del os.environ["XDG_CACHE_HOME"], os.environ["HOME"]
os.setgroups([])
os.setgid(54321)
os.setuid(54321)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(AS_ROOT, reason="root may read everything")
def test_a_directory_that_cannot_be_read_costs_itself(tmp_path: Path) -> None:
    (tmp_path / "no").mkdir()
    (tmp_path / "no" / "n.py").write_text(MODEL)
    (tmp_path / "no").chmod(0o444)
    try:
        assert bounded(".", *HOW, cwd=tmp_path).told_without_traceback()
    finally:
        (tmp_path / "no").chmod(0o755)


CONFIG = """\
from transformers import PretrainedConfig


class XConfig(PretrainedConfig):
    model_type = "x"

    def __init__(self, vocab_size=10, hidden_size=4, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        super().__init__(**kwargs)
"""
MODELING = """\
from torch import nn
from transformers import PreTrainedModel
from .other.configuration_x import XConfig


class XPre(PreTrainedModel):
    config_class = XConfig
    base_model_prefix = "model"


class XModel(XPre):
    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.embed_tokens

    def set_input_embeddings(self, value):
        self.embed_tokens = value


class XForCausalLM(XPre):
    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = XModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, value):
        self.lm_head = value
"""


def test_a_config_that_is_excluded_is_not_written(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    package = tmp_path / "package"
    (package / "other").mkdir(parents=True)
    for folder in (package, package / "other"):
        (folder / "__init__.py").touch()
    config = package / "other" / "configuration_x.py"
    config.write_text(CONFIG)
    (package / "modeling_x.py").write_text(MODELING)
    how = ["--exclude", "configuration_x.py", "--no-cache", "--transformers", MAPPING]
    ended = bounded("--fix", "--unsafe-fixes", "package/modeling_x.py", *how, cwd=tmp_path)
    assert ended.told_without_traceback()
    assert config.read_text() == CONFIG


@pytest.mark.skipif(not AS_ROOT, reason="only root may give a file away")
def test_a_fix_keeps_owner_and_mode(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text(BAD)
    os.chown(path, 65534, 65534)
    path.chmod(0o2775)
    assert bounded("--fix", "--unsafe-fixes", "bad.py", *HOW, cwd=tmp_path).told_without_traceback()
    found = path.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (65534, 65534, 0o2775)


def test_a_fix_keeps_hard_links_together(tmp_path: Path) -> None:
    path, other = tmp_path / "bad.py", tmp_path / "other.txt"
    path.write_text(BAD)
    os.link(path, other)
    assert bounded("--fix", "--unsafe-fixes", "bad.py", *HOW, cwd=tmp_path).told_without_traceback()
    assert path.stat().st_ino == other.stat().st_ino


def test_the_current_directory_is_not_imported_from(tmp_path: Path) -> None:
    trap = "from pathlib import Path\nPath('SPRUNG').touch()\n"
    # Not what Python itself imports before it comes to the package, such as functools.
    names = ("argparse", "typing", "difflib", "json", "tomllib", "packaging", "pathspec", "rich")
    for name in names:
        (tmp_path / f"{name}.py").write_text(trap)
    (tmp_path / "bad.py").write_text(BAD)
    ended = afresh("bad.py", *HOW, cwd=tmp_path)
    assert not (tmp_path / "SPRUNG").exists()
    assert ended.code == 1 and ended.told_without_traceback()


def test_poetry_may_name_several_requirements_of_one_package(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "bad.py").write_text(BAD)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.poetry.dependencies]\npython = "^3.8"\ntransformers = [\n'
        '  {version = "^4.40", python = "<3.9"},\n  {version = "^4.51", python = ">=3.9"}\n]\n'
    )
    ended = bounded(".", "--no-cache", cwd=tmp_path)
    assert ended.code == 1 and ended.told_without_traceback()


def test_a_crash_of_one_file_does_not_end_flake8(tmp_path: Path) -> None:
    pytest.importorskip("flake8")
    (tmp_path / "a.py").write_text(f"{IMPORT}bases = ()\nclass F(PreTrainedModel, *bases):\n    pass\n")
    (tmp_path / "b.py").write_text("import os\n")
    ended = shell(f"{sys.executable} -m flake8 --select E,F,TIE --isolated .", cwd=tmp_path)
    assert ended.code == 1 and "Traceback" not in ended.err
    assert "b.py:1:1: F401" in ended.out
