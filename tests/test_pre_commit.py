"""The hook, run by the real pre-commit from a clone of this project."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Write
from tests.examples import BAD, GOOD, LINE

pytest.importorskip("pre_commit")

ROOT = Path(__file__).parents[1]
SHIPPED = ["pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "docs", "tie_lint"]


def run(*command: str, cwd: Path, home: Path = Path(os.devnull)) -> subprocess.CompletedProcess[str]:
    """Run a command; pre-commit keeps its environments below ``home``."""
    identity = {"GIT_CONFIG_GLOBAL": os.devnull, "PRE_COMMIT_HOME": str(home)}
    for who in ("AUTHOR", "COMMITTER"):
        identity |= {f"GIT_{who}_NAME": "nobody", f"GIT_{who}_EMAIL": "nobody@example.org"}
    return subprocess.run(
        command, cwd=cwd, env=os.environ | identity, capture_output=True, text=True, check=False
    )


def repository(folder: Path) -> str:
    """Commit everything that is in a folder; return the commit."""
    run("git", "init", "--quiet", cwd=folder)
    run("git", "add", "--all", cwd=folder)
    assert run("git", "commit", "--quiet", "--message=all", cwd=folder).returncode == 0
    return run("git", "rev-parse", "HEAD", cwd=folder).stdout.strip()


@pytest.fixture
def configuration(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The configuration of a project that uses the hooks of a repository with what this one ships."""
    clone = tmp_path_factory.mktemp("clone")
    run("cp", "-R", *SHIPPED, str(clone), cwd=ROOT)
    hooks = [{"id": name} for name in ("tie-lint", "tie-lint-fix")]
    return json.dumps({"repos": [{"repo": str(clone), "rev": repository(clone), "hooks": hooks}]})


def test_the_manifest_is_valid(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    assert run(*command, cwd=ROOT, home=tmp_path).returncode == 0


NOTEBOOK = {
    "cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": BAD.splitlines(keepends=True)}],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def test_the_hooks_find_and_fix_what_is_wrong(
    configuration: str, write: Write, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (folder / ".git").rmdir()
    write("bad.py", BAD)
    write("good.py", GOOD)
    write("bad.ipynb", json.dumps(NOTEBOOK))
    write("generated/bad.py", BAD)
    write("tie-lint.toml", 'exclude = ["generated/"]\n')
    write(".pre-commit-config.yaml", configuration)
    repository(folder)
    home = tmp_path_factory.mktemp("home")

    def hook(name: str, *files: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pre_commit", "run", name, "--files", *files]
        return run(*command, cwd=folder, home=home)

    bad = hook("tie-lint", "bad.py", "good.py", "bad.ipynb")
    assert bad.returncode == 1, bad.stdout + bad.stderr
    assert f"bad.py:{LINE}:7: TIE001 AcmeForCausalLM" in bad.stdout
    assert f"bad.ipynb:cell 1:{LINE}:7: TIE001 AcmeForCausalLM" in bad.stdout
    good = hook("tie-lint", "good.py", "generated/bad.py")
    assert good.returncode == 0, good.stdout + good.stderr
    fixed = hook("tie-lint-fix", "bad.py", "bad.ipynb", "generated/bad.py")
    assert fixed.returncode == 1 and "files were modified by this hook" in fixed.stdout, fixed.stdout
    assert (folder / "bad.py").read_text() == GOOD
    assert "def get_output_embeddings" in (folder / "bad.ipynb").read_text()
    assert (folder / "generated" / "bad.py").read_text() == BAD
    assert hook("tie-lint-fix", "bad.py", "bad.ipynb").returncode == 0
