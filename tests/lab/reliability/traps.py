"""Code that leaves a mark where it is executed: next to, in, and imported by what is checked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

IMPORTED = (
    *("argparse", "ast", "builtins", "calendar", "codecs", "concurrent", "contextlib", "copy", "csv"),
    *("dataclasses", "decimal", "difflib", "encodings", "enum", "flake8", "functools", "hashlib", "io"),
    *("itertools", "json", "locale", "logging", "numpy", "operator", "os", "packaging", "pathlib"),
    *("pathspec", "platformdirs", "random", "re", "regex", "rich", "runpy", "signal", "site"),
    *("sitecustomize", "tempfile", "tomllib", "torch", "transformers", "types", "typing", "usercustomize"),
    "warnings",
)
"""Names of modules that tie-lint, its dependencies or what is checked may import. Not ``importlib``: with it
``python -m`` runs nothing at all."""

MARK = "open({mark!r}, 'a').write({name!r} + '\\n')\n"


def lay(folder: Path, mark: Path) -> int:
    """Write the traps; return how many files they are."""
    folder.mkdir(parents=True, exist_ok=True)

    def sprung(name: str) -> str:
        return MARK.format(mark=str(mark), name=name)

    files = {f"{name}.py": sprung(name) for name in IMPORTED}
    files["trap.pth"] = f"import sys; {sprung('pth')}"
    files["conftest.py"] = sprung("conftest")
    files["setup.py"] = sprung("setup")
    files["package/__init__.py"] = sprung("package")
    files["package/modeling_trap.py"] = _model(sprung)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return len(files)


def _model(sprung: object) -> str:
    mark = sprung if callable(sprung) else str
    line = mark("model").strip()
    return f"""\
{line}
from transformers import PreTrainedModel, PretrainedConfig
from torch import nn
from .absent import *
import argparse, json


class Meta(type):
    def __new__(meta, *args, **kwargs):
        {line}
        return super().__new__(meta, *args, **kwargs)

    def __prepare__(*args, **kwargs):
        {line}
        return {{}}


def decorator(cls):
    {line}
    return cls


class Descriptor:
    def __set_name__(self, owner, name):
        {line}


@decorator
class TrapModel(PreTrainedModel, metaclass=Meta):
    config_class = PretrainedConfig
    descriptor = Descriptor()
    _tied_weights_keys = [(lambda: {line})(), eval({line!r}), exec({line!r}), __import__("os").system("true")]

    def __init_subclass__(cls, **kwargs):
        {line}

    def __init__(self, config, default={line}):
        super().__init__(config)
        {line}
        exec({line!r})
        self.embed_tokens = nn.Embedding(1, 1)
        self.lm_head = nn.Linear(1, 1)
        self.post_init()

    def __getattr__(self, name):
        {line}
"""


def sprung_by(folder: Path, mark: Path) -> list[str]:
    """Check, explain and fix the folder in every way; return the traps that were executed.

    What ``python -m`` imports from the current directory before it runs anybody's module is not counted.
    """
    (folder / "nothing.py").touch()
    subprocess.run([sys.executable, "-m", "nothing"], cwd=folder, capture_output=True, check=False)
    by_python = set(_marks(mark))
    how = ["--isolated", "--no-cache", "--transformers", "5.23.0"]
    program = [sys.executable, "-m", "tie_lint"]
    for command in (
        [*program, ".", *how],
        [*program, ".", "--diff", "--unsafe-fixes", *how],
        [*program, "explain", ".", "--isolated", "--transformers", "5.23.0"],
        [str(Path(sys.executable).with_name("flake8")), "--select", "TIE", "."],
        [*program, ".", "--fix", "--unsafe-fixes", *how],
    ):
        subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return [name for name in _marks(mark) if name not in by_python]


def _marks(mark: Path) -> list[str]:
    return mark.read_text(encoding="utf-8").splitlines() if mark.exists() else []
