"""The tests with every Python, and with the lowest versions that pyproject.toml allows: ``nox``.

``pip install nox``, and have the interpreters on the PATH; one that is missing is skipped.
"""

from __future__ import annotations

from pathlib import Path

import nox

PYTHONS = nox.project.python_versions(nox.project.load_toml("pyproject.toml"))
nox.options.default_venv_backend = "uv|virtualenv"


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the tests with the newest versions of everything."""
    session.install("-e", ".[dev]")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session(python=PYTHONS)
def compiled(session: nox.Session) -> None:
    """Run the tests with the interpreter compiled, in a copy: what is compiled hides its source."""
    copy = session.create_tmp()
    session.run("git", "clone", "--depth=1", f"file://{Path.cwd()}", copy, external=True)
    session.chdir(copy)
    session.install("-e", ".[dev]", env={"HATCH_BUILD_HOOKS_ENABLE": "true"})
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """Run the tests with the oldest Python and the lowest versions of what tie-lint needs to run."""
    project = nox.project.load_toml("pyproject.toml")["project"]
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"], *extras["flake8"], *extras["lsp"]]
    session.install("-e", ".[dev]", *(requirement.replace(">=", "==", 1) for requirement in needed))
    session.run("python", "-m", "pytest", *session.posargs)
