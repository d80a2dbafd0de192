"""The GitHub action and the GitLab template: the bodies of their steps are run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Write
from tests.examples import BAD, GOOD
from tie_lint import __version__

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"] if "name" in step}
GITLAB = yaml.safe_load((ROOT / "templates" / "gitlab.yml").read_text(encoding="utf-8"))["tie-lint"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="bodies for bash")


class Runner:
    """What GitHub's runner does with a step that has a body."""

    def __init__(self, temp: Path, **inputs: str) -> None:
        defaults = {name: spec["default"] for name, spec in ACTION["inputs"].items()}
        assert {name.replace("_", "-") for name in inputs} <= set(defaults)
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        self._values = {f"inputs.{name}": value for name, value in {**defaults, **given}.items()}
        self._values |= {
            "runner.temp": str(temp),
            "github.action_path": str(ROOT),
            "steps.python.outputs.python-path": sys.executable,
        }
        self._files = {name: temp / name for name in ("GITHUB_ENV", "GITHUB_STEP_SUMMARY")}
        for path in self._files.values():
            path.touch()

    def summary(self) -> str:
        return self._files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        step = STEPS[name]
        own = {key: self._filled(value) for key, value in step["env"].items()}
        said = dict(line.split("=", 1) for line in self._files["GITHUB_ENV"].read_text().splitlines())
        environment = {**os.environ, **said, **own, **{key: str(path) for key, path in self._files.items()}}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self._filled(step.get("working-directory", ".")),
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def use(self, program: Path) -> None:
        """Have the tests' own tie-lint where the install step would have put one."""
        self._files["GITHUB_ENV"].write_text(f"TIE_LINT={program}\n", encoding="utf-8")

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: self._values[found[1]], text)


@pytest.fixture
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bin") / "tie-lint"
    path.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m tie_lint "$@"\n')
    path.chmod(0o755)
    return path


def test_every_step_with_a_body_is_run_here_and_takes_nothing_into_its_text() -> None:
    assert set(STEPS) == {"install", "check"}
    for step in STEPS.values():
        assert "${{" not in step["run"], "what users write reaches a shell by variables alone"


def test_the_install_step_makes_an_environment_of_its_own(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    installed = runner.run("install")
    assert installed.returncode == 0, installed.stderr
    (line,) = (tmp_path / "GITHUB_ENV").read_text().splitlines()
    run = subprocess.run(
        [line.removeprefix("TIE_LINT="), "--version"], capture_output=True, text=True, check=True
    )
    assert run.stdout == f"tie-lint {__version__}\n"


def test_annotations_a_summary_and_the_exit_code(
    write: Write, program: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write("my models/acme.py", BAD)
    write("other/acme.py", BAD)
    write("third.py", BAD)
    runner = Runner(
        tmp_path_factory.mktemp("runner"), paths="my models\n\nother/acme.py\n", transformers="5.23.0"
    )
    runner.use(program)
    ran = runner.run("check")
    assert ran.returncode == 1, ran.stderr
    files = re.findall(r"^::warning file=(.+?),line=5,", ran.stdout, re.M)
    assert files == ["my models/acme.py", "other/acme.py"]
    assert "2  TIE001  [*] missing-output-embeddings" in runner.summary()


def test_the_inputs_count(
    write: Write, program: Path, tmp_path_factory: pytest.TempPathFactory, folder: Path
) -> None:
    write("sub/acme.py", BAD)
    write("strict.toml", "[tool.tie-lint]\ntransformers = '5.23.0'\n")
    temp = tmp_path_factory.mktemp("runner")
    runner = Runner(
        temp,
        working_directory="sub",
        config="../strict.toml",
        format="concise",
        sarif_upload="true",
        summary="false",
    )
    runner.use(program)
    ran = runner.run("check")
    assert (ran.returncode, ran.stdout.split(" ")[:2]) == (1, ["acme.py:5:7:", "TIE001"])
    assert runner.summary() == ""
    (run,) = json.loads((temp / "tie-lint.sarif").read_text())["runs"]
    (result,) = run["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "sub/acme.py"
    quiet = Runner(tmp_path_factory.mktemp("runner"), select="TIE002")
    quiet.use(program)
    assert quiet.run("check").returncode == 0
    fixing = Runner(tmp_path_factory.mktemp("runner"), fix="true", transformers="5.23.0")
    fixing.use(program)
    assert fixing.run("check").returncode == 0
    assert (folder / "sub" / "acme.py").read_text() == GOOD


def test_gitlab_s_script_writes_the_report_and_fails(write: Write, program: Path, folder: Path) -> None:
    write("my models/acme.py", BAD)
    own: dict[str, Any] = {**GITLAB["variables"], "TIE_LINT_PATH": "my models"}
    environment = {**os.environ, **own, "PATH": f"{program.parent}:{os.environ['PATH']}"}
    codes = [
        subprocess.run(["bash", "-c", line], env=environment, capture_output=True, check=False).returncode
        for line in GITLAB["script"]
    ]
    assert codes == [0, 1]
    report = GITLAB["artifacts"]["reports"]["codequality"]
    (issue,) = json.loads((folder / report).read_text())
    assert issue["location"]["path"] == "my models/acme.py"


@pytest.mark.parametrize("path", ["templates/gitlab.yml", "README.md", "docs/usage.md"])
def test_the_version_that_is_named_is_this_one(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    named = set(re.findall(r"\bv(\d+\.\d+\.\d+)\b", text))
    assert named == {__version__}
