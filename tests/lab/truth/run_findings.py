"""Run what docs/findings.md shows, with the release of transformers that is installed.

    python -m tests.lab.truth.run_findings

Each Python block below the heading of that release is run by itself, as a reader would paste it, and what it
prints is held against the text block that follows it.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import difflib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "findings.md"

RELEASE = re.compile(r"^## transformers (?P<release>\S+)$", re.MULTILINE)
PART = re.compile(r"^### (?P<title>[^\n]+)$|^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Shown:
    """One block of code of the page, the heading that it stands under, and what it is said to print."""

    title: str
    code: str
    output: str


def shown(page: str, release: str) -> Iterator[Shown]:
    """The blocks of a release. Raises ``ValueError`` where code and output do not alternate."""
    pieces = RELEASE.split(page)
    text = dict(zip(pieces[1::2], pieces[2::2], strict=True)).get(release, "")
    title, code = "", None
    for part in PART.finditer(text):
        if part["title"]:
            title = part["title"]
        if (part["language"] == "text") != (code is not None):
            raise ValueError(f"{release}, {title}: blocks of code and of output do not alternate")
        if part["language"] == "python":
            code = part["text"]
        elif code is not None:
            yield Shown(title, code, part["text"])
            code = None


def main() -> int:
    """Run the blocks of the installed release; 1 when one prints something else than is shown."""
    import transformers

    blocks = list(shown(PAGE.read_text(encoding="utf-8"), transformers.__version__))
    print(f"transformers {transformers.__version__}: {len(blocks)} blocks")
    return 1 if not blocks or sum(_differs(block) for block in blocks) else 0


def _differs(block: Shown) -> bool:
    run = subprocess.run([sys.executable, "-c", block.code], capture_output=True, text=True, check=False)
    if run.returncode == 0 and run.stdout == block.output:
        print(f"as shown: {block.title}")
        return False
    print(f"DIFFERS: {block.title}")
    shown_lines, printed = block.output.splitlines(), run.stdout.splitlines()
    print("\n".join(difflib.unified_diff(shown_lines, printed, "shown", "printed", lineterm="")))
    print(run.stderr if run.returncode else "", end="")
    return True


if __name__ == "__main__":
    sys.exit(main())
