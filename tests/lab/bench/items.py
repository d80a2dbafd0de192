"""What is measured: on which files, with which commands."""

from __future__ import annotations

import functools
import itertools
import os
import shutil
import subprocess
import sysconfig
import venv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tests.lab.bench.measure import Command
from tests.lab.mutants.copied_out import absolute

ROOT = Path(__file__).parents[3]
PEERS = {
    "main": ["ruff", "transformers-mlinter", "flake8"],
    "compiled": ["flake8"],
    "torchfix": ["torchfix"],
    "bare": ["flake8"],
}
"""What is installed into which environment beside tie-lint: flake8 loads whatever plugin it finds."""

OURS = ("main", "compiled")
"""The environments in which tie-lint is, in one of them with its interpreter compiled."""

PARSE = """
import ast, pathlib, sys
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.py")) or [pathlib.Path(sys.argv[1])]:
    try:
        ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        pass
"""
PARTS = (8, 4, 2)
RANGE = ">=4.45,<6"
"""Seven targets."""


class Bench:
    """The environments and files, made when first asked for."""

    def __init__(self, work: Path, old: Path, new: Path, jobs: int) -> None:
        self.work, self.old, self.new, self.jobs = work, old, new, jobs
        work.mkdir(parents=True, exist_ok=True)

    def tool(self, environment: str, name: str) -> str:
        """A command of an environment."""
        return str(self._environment(environment) / "bin" / name)

    @functools.cache  # noqa: B019  (there is one bench)
    def _environment(self, environment: str) -> Path:
        """The folder of an environment, with tie-lint as it is now and the peers, installed if need be."""
        folder = self.work / environment
        ours = [str(self._source)] if environment in OURS else []
        if not folder.exists():
            venv.create(folder, with_pip=True)
            self._install(folder, *ours, *PEERS[environment])
        elif ours:  # which has what tie-lint was when it was made
            self._install(folder, "--no-deps", "--force-reinstall", *ours)
        return folder

    @functools.cached_property
    def _source(self) -> Path:
        """A copy of tie-lint's own source: what is compiled is left beside it."""
        copy = self.work / "source"
        shutil.rmtree(copy, ignore_errors=True)
        return shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__", "tests"))

    @staticmethod
    def _install(folder: Path, *what: str) -> None:
        """Install into an environment, and compile: nobody else does where bytecode is not written."""
        python = str(folder / "bin" / "python")
        hooks = {"HATCH_BUILD_HOOKS_ENABLE": str(folder.name == "compiled").lower()}
        install = [python, "-m", "pip", "install", "-q", *what]
        subprocess.run(install, check=True, env={**os.environ, **hooks})
        subprocess.run([python, "-m", "compileall", "-q", str(folder / "lib")], check=False)

    def command(
        self, *arguments: str, environment: str = "main", before: Callable[[], object] = int
    ) -> Command:
        """A command of an environment, to be run in an empty folder."""
        elsewhere = self.work / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        return Command([self.tool(environment, arguments[0]), *arguments[1:]], elsewhere, before)

    def tie_lint(self, path: Path, release: str, jobs: int | None = None) -> dict[str, Command]:
        """tie-lint without what earlier runs found, and with what that run left; the first compiled, too."""
        cache = self.work / "cache"
        fixed = ["--isolated", "--transformers", release, "--jobs", str(jobs or self.jobs), str(path)]
        arguments = ["tie-lint", "check", *fixed, "--cache-dir", str(cache)]
        compiled = ["tie-lint", "check", *fixed, "--no-cache"]

        def forget() -> None:
            shutil.rmtree(cache, ignore_errors=True)

        return {
            "tie-lint, cold": self.command(*arguments, before=forget),
            "tie-lint, warm": self.command(*arguments),
            "tie-lint compiled, cold": self.command(*compiled, environment="compiled"),
        }

    def peers(self, path: Path) -> dict[str, Command]:
        """The peers on the same files."""
        lint = ["ruff", "check", "--isolated", "--select", "E,F"]
        keep = str(self.work / "ruff-cache")
        warm = self.command(*lint, "--cache-dir", keep, str(path))
        subprocess.run(warm.arguments, cwd=warm.folder, capture_output=True, check=False)
        return {
            "ast.parse": self.command("python", "-c", PARSE, str(path)),
            "ruff E,F, cold": self.command(*lint, "--no-cache", str(path)),
            "ruff E,F, warm": warm,
            "mlinter": self.command("mlinter", "--no-cache", *self._mlinter(path)),
        }

    def _mlinter(self, path: Path) -> Iterable[str]:
        """The files that mlinter looks at, as arguments."""
        return map(str, sorted(path.rglob("model*_*.py")) if path.is_dir() else [path])

    def models(self, part: int) -> Path:
        """The models directory of 5.23.0 within its package, or every so-manieth model of it."""
        folder = self.work / f"part{part}" / "transformers"
        if not folder.exists():
            ignore = shutil.ignore_patterns("__pycache__", "models")
            shutil.copytree(self.new, folder, ignore=ignore)
            for index, source in enumerate(sorted((self.new / "models").iterdir())):
                if source.is_file() or source.name == "auto" or index % part == 0:
                    copy = shutil.copy if source.is_file() else shutil.copytree
                    (folder / "models").mkdir(exist_ok=True)
                    copy(source, folder / "models" / source.name)
        return folder / "models"

    @property
    def users_model(self) -> Path:
        """BERT of 4.51.3 in a package of a user's own, who has copied its folder out of the library."""
        inside = Path("models", "bert")
        folder = self.work / "copied_out" / inside
        folder.mkdir(parents=True, exist_ok=True)
        for file in self.old.joinpath(inside).glob("*.py"):
            text = absolute(file.read_text(encoding="utf-8"), ["transformers", *inside.parts])
            folder.joinpath(file.name).write_text(text, encoding="utf-8")
        return folder / "modeling_bert.py"

    def flake8(self, path: Path, environment: str, *, forgetting: bool) -> Command:
        """flake8 in an environment, with what the run before has found or without."""
        kept = self.work / "flake8-cache"
        arguments = ["flake8", "--isolated", "--jobs", str(self.jobs), str(path)]
        if environment != "bare":
            arguments += ["--tie-transformers", "5.23.0"]
        before = functools.partial(shutil.rmtree, kept, ignore_errors=True) if forgetting else int
        made = self.command(*arguments, environment=environment, before=before)
        return Command(made.arguments, made.folder, made.before, {"XDG_CACHE_HOME": str(kept)})

    @property
    def few_files(self) -> Path:
        """Every fourth of the two thousand."""
        folder = self.work / "few_files"
        if not folder.exists():
            for path in sorted(self.no_models.rglob("*.py"))[::4]:
                copy = folder / path.relative_to(self.no_models)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
        return folder

    @property
    def no_models(self) -> Path:
        """Two thousand files in which there is no model: Python's own."""
        folder = self.work / "no_models"
        if not folder.exists():
            standard = Path(sysconfig.get_paths()["stdlib"])
            files = [path for path in sorted(standard.rglob("*.py")) if "lib2to3" not in path.parts]
            for path in itertools.islice(files, 2000):
                copy = folder / path.relative_to(standard).as_posix().replace("site-packages", "packages")
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
        return folder


def start_up(bench: Bench) -> dict[str, Command]:
    """What any Python command costs."""
    return {
        "python -c pass": bench.command("python", "-c", "pass"),
        "import argparse, json": bench.command("python", "-c", "import argparse, json"),
    }


def one_file(bench: Bench) -> dict[str, Command]:
    """(1) One file, ``modeling_bert.py`` of 4.51.3: the library's own, and a user's copy of its folder."""
    path, copied = bench.old / "models" / "bert" / "modeling_bert.py", bench.users_model
    torchfix = bench.command("torchfix", str(path), environment="torchfix")
    own = {**bench.tie_lint(path, "4.51.3"), **start_up(bench), **bench.peers(path), "TorchFix": torchfix}
    users = {**bench.tie_lint(copied, "4.51.3"), "mlinter": bench.peers(copied)["mlinter"]}
    return {**own, **{f"{name.replace(',', '')}, the user's": command for name, command in users.items()}}


def package(bench: Bench) -> dict[str, Command]:
    """(2) A package of some 150 modeling files: every fourth model of 5.23.0."""
    path = bench.models(4)
    return {**bench.tie_lint(path, "5.23.0"), **bench.peers(path), **_one_changed(bench, path)}


def _one_changed(bench: Bench, path: Path) -> dict[str, Command]:
    """A run after one file has changed."""
    files = sorted(path.rglob("modeling_*.py"), key=lambda file: file.stat().st_size)
    middle, count = files[len(files) // 2], itertools.count()
    text = middle.read_text(encoding="utf-8")
    warm = bench.tie_lint(path, "5.23.0")["tie-lint, warm"]

    def change() -> None:
        middle.write_text(f"{text}\n# {next(count)}\n", encoding="utf-8")

    return {"tie-lint, one file changed": Command(warm.arguments, warm.folder, change)}


def everything(bench: Bench) -> dict[str, Command]:
    """(3) All models of 5.23.0."""
    return {**bench.tie_lint(bench.models(1), "5.23.0"), **bench.peers(bench.models(1))}


def no_models(bench: Bench) -> dict[str, Command]:
    """(4) Two thousand files without a model."""
    peers = bench.peers(bench.no_models)
    return {**bench.tie_lint(bench.no_models, "5.23.0"), "ast.parse": peers["ast.parse"]}


def explain(bench: Bench) -> dict[str, Command]:
    """(5) ``explain`` on all models of 5.23.0, and of one class."""
    cache = bench.work / "explain-cache"
    arguments = ["explain", "--isolated", "--transformers", "5.23.0", "--output-format", "json"]
    arguments += ["--cache-dir", str(cache)]
    forget = functools.partial(shutil.rmtree, cache, ignore_errors=True)
    found: dict[str, Command] = {}
    one = bench.models(1) / "bert" / "modeling_bert.py::BertForMaskedLM"
    for path, what in ((bench.models(1), ""), (one, ", one class")):
        asked = functools.partial(bench.command, "tie-lint", *arguments, str(path))
        found[f"tie-lint explain{what}, cold"] = asked(before=forget)
        found[f"tie-lint explain{what}, warm"] = asked()
        found[f"tie-lint explain{what}, compiled, cold"] = asked(environment="compiled", before=forget)
    return {**found, "ast.parse": bench.peers(bench.models(1))["ast.parse"]}


def flake8(bench: Bench) -> dict[str, Command]:
    """(6) flake8 with the plugin and without, on (2) and on every fourth file of (4)."""
    found: dict[str, Command] = {}
    for name, path in (("no models", bench.few_files), ("models", bench.models(4))):
        for environment, what in (("bare", "flake8 alone"), ("main", "flake8 with tie-lint")):
            found[f"{what}, {name}"] = bench.flake8(path, environment, forgetting=True)
    found["flake8 with tie-lint warm, models"] = bench.flake8(bench.models(4), "main", forgetting=False)
    compiled = bench.flake8(bench.models(4), "compiled", forgetting=True)
    found["flake8 with tie-lint compiled, models"] = compiled
    return found


def growth(bench: Bench) -> dict[str, Command]:
    """(7) A growing part of all models, in one process."""
    return {
        f"tie-lint, 1/{part}": bench.tie_lint(bench.models(part), "5.23.0", jobs=1)["tie-lint, cold"]
        for part in PARTS
    }


def targets(bench: Bench) -> dict[str, Command]:
    """(8) One target and seven, on every eighth model of 5.23.0, in one process."""
    path = bench.models(8)
    asked = {"one target": "5.23.0", "seven targets": RANGE}
    return {name: bench.tie_lint(path, release, jobs=1)["tie-lint, cold"] for name, release in asked.items()}


ITEMS: Mapping[str, Callable[[Bench], dict[str, Command]]] = {
    "one": one_file,
    "package": package,
    "everything": everything,
    "none": no_models,
    "explain": explain,
    "flake8": flake8,
    "growth": growth,
    "targets": targets,
}
"""The items by name; each gives its commands by name."""

REPETITIONS = {
    "one": 5,
    "package": 2,
    "everything": 1,
    "none": 3,
    "explain": 1,
    "flake8": 1,
    "growth": 1,
    "targets": 1,
}
"""How often the commands of an item are run, where nothing else is asked for."""
