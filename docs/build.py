"""Writes what pages have from the program, rules and outputs of commands: `python docs/build.py`."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from tie_lint.cli import main
from tie_lint.rules import Rule, all_rules
from tie_lint.rules.page import fixes, releases, render, severities

DOCS = Path(__file__).parent
RULES = DOCS / "rules"
PICTURES = {
    "getters": ["explain", "acme.py::AcmeForMaskedLM", "--transformers", "4.51.3"],
    "mapping": ["explain", "acme.py::AcmeForCausalLM", "--transformers", "5.23.0"],
    "broken": ["explain", "acme.py::AcmeForCausalLM", "--transformers", "4.51.3"],
}
"""What each picture is printed by."""
_COMMAND = re.compile(r"```console\n\$ tie-lint (.+)\n((?:.*\n)*?)```")


def pages() -> dict[str, str]:
    """Return the text of every file in docs/rules/ by its name."""
    rules = list(all_rules().values())
    head = "| code | name | says | releases | highest severity | fix |\n|---|---|---|---|---|---|\n"
    index = f"# Rules\n\n{head}{''.join(map(_row, rules))}"
    return {"index.md": index, **{f"{rule.file_name}.md": render(rule) for rule in rules}}


def _row(rule: Rule) -> str:
    facts = f"{releases(rule)} | {severities(rule)} | {fixes(rule)}"
    return f"| {rule.code} | [{rule.name}]({rule.file_name}.md) | {rule.summary} | {facts} |\n"


def pictures() -> dict[str, str]:
    """Return the text of every file in docs/pictures/ by its name."""
    return {
        f"{name}.svg": _printed([*arguments, "--output-format", "svg"])
        for name, arguments in PICTURES.items()
    }


def _printed(arguments: list[str]) -> str:
    printed = io.StringIO()
    with _inside(DOCS / "example"), contextlib.redirect_stdout(printed):
        main(arguments)
    return printed.getvalue()


def written_pages() -> list[Path]:
    """Return the pages that people write, and the README."""
    return [DOCS.parent / "README.md", *sorted(DOCS.glob("*.md"))]


def folder_of_commands(page: Path) -> Path:
    """Return the folder that the commands of a page are run in."""
    own = DOCS / page.stem
    return own if own.is_dir() else DOCS / "example"


def with_outputs(text: str, folder: Path) -> str:
    """Return the text of a page with what its commands print now, those about what is in a folder."""

    def run(block: re.Match[str]) -> str:
        arguments = shlex.split(block[1])
        paths = [Path(argument.partition("::")[0]) for argument in arguments]
        if not any((folder / path).exists() for path in paths):
            return block[0]
        printed = io.StringIO()
        with _inside(folder), contextlib.redirect_stdout(printed):
            main(arguments)
        return f"```console\n$ tie-lint {block[1]}\n{printed.getvalue()}```"

    return _COMMAND.sub(run, text)


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """The folder as the working directory; ``contextlib.chdir`` came with Python 3.11."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


if __name__ == "__main__":
    for stale in RULES.glob("*.md"):
        stale.unlink()
    for name, text in pages().items():
        (RULES / name).write_text(text, encoding="utf-8")
    for name, text in pictures().items():
        (DOCS / "pictures" / name).write_text(text, encoding="utf-8")
    for page in written_pages():
        old = page.read_text(encoding="utf-8")
        page.write_text(with_outputs(old, folder_of_commands(page)), encoding="utf-8")
