"""Explanations as one page for browsers: a picture of each class, and a list to find it in.

The page is one file and asks nothing of any network. What others wrote is in it as data alone: the script
makes text of it and nothing else, and a policy in the page lets no other script run.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from tie_lint.cause import with_cell
from tie_lint.output.explanation import MECHANISMS, fix_lines
from tie_lint.output.sizes import in_words
from tie_lint.output.stretches import ROWS
from tie_lint.pipeline.explanation import Explanation

FOLDER = Path(__file__).with_name("page")
MOST_WHOLE_TREES = 100
"""A page of more classes has of each tree only what matters."""

HOLDS = {True: "y", False: "n", "unknown": "u", "unneeded": "-"}


def write_html(explanations: Iterable[Explanation], stream: TextIO) -> None:
    """Write the page."""
    data = _Data()
    by_class = itertools.groupby(explanations, lambda one: (one.facts["path"], one.facts["class"]))
    for _, found in by_class:
        data.add([explanation.facts for explanation in found])
    style, script = ((FOLDER / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    stream.write(
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>Ties</title>\n'
        f'<style>{style}</style>\n<body><div id="root"></div>\n'
        f'<script type="application/json" id="data">{data.as_json()}</script>\n<script>{script}</script>\n'
    )


class _Data:
    """What the script draws: every text once, every block of facts once."""

    def __init__(self) -> None:
        self._texts: dict[str, int] = {}
        self._targets: dict[str, int] = {}
        self._serves: dict[tuple[str, ...], int] = {}
        self._findings: dict[str, int] = {}
        self._shown: list[dict[str, Any]] = []
        self._classes: list[list[dict[str, Any]]] = []

    def add(self, found: list[dict[str, Any]]) -> None:
        """Add a class under its targets."""
        self._classes.append(found)

    def as_json(self) -> str:
        """Return the data as JSON in which nothing ends the element that it stands in."""
        whole = len(self._classes) <= MOST_WHOLE_TREES
        blocks: dict[str, int] = {}
        classes = [self._class(found, blocks, whole) for found in self._classes]
        parts = {
            "links": [link["link"] for link in self._classes[0][0]["chain"]] if self._classes else [],
            "rows": ROWS,
            "mechanisms": MECHANISMS,
            "targets": [*self._targets],
            "serves": [*self._serves],
            "findings": self._shown,
            "classes": classes,
            "texts": [*self._texts],
        }
        text = json.dumps(parts, separators=(",", ":"))
        text = f'{text[:-1]},"blocks":[{",".join(blocks)}]}}'
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

    def _class(self, found: list[dict[str, Any]], blocks: dict[str, int], whole: bool) -> dict[str, Any]:
        targets = []
        for known in found:
            block = json.dumps(self._block(known, whole), separators=(",", ":"))
            number = self._targets.setdefault(known["transformers"], len(self._targets))
            targets.append({"target": number, "block": blocks.setdefault(block, len(blocks))})
        first = found[0]
        return {
            "name": self._text(first["class"]),
            "path": self._text(with_cell(first["path"], first["cell"])),
            "line": first["line"],
            "targets": targets,
        }

    def _block(self, known: dict[str, Any], whole: bool) -> dict[str, Any]:
        findings = [self._finding(finding) for finding in known["findings"]]
        saved = known["bytes_saved"]
        sizes = ", ".join(f"{in_words(size)} as {dtype}" for dtype, size in saved.items())
        config = known["config_file"] or known["config_class"] or "no config class"
        return {
            "about": self._text(f"{known['role']}, {config}"),
            "chain": [self._link(link, findings) for link in known["chain"]],
            "outcome": [
                [HOLDS[answer["holds"]], self._text(answer["text"])] for answer in known["outcome"].values()
            ],
            "saved": self._text(sizes) if any(saved.values()) else None,
            "shares": [
                None if isinstance(known[key], str) else [self._share(share) for share in known[key]]
                for key in ("shared", "shared_if_tied", "shared_if_untied")
            ],
            "loads": [self._text(line) for line in _loads(known["loads"])],
            "tree": known["tree"] and self._node(known["tree"], whole),
            "findings": findings,
        }

    def _text(self, text: str | None) -> int | None:
        return None if text is None else self._texts.setdefault(text, len(self._texts))

    def _link(self, link: dict[str, Any], findings: list[int]) -> dict[str, Any]:
        serves = tuple(link["serves"])
        return {
            "holds": HOLDS[link["holds"]],
            "text": self._text(link["text"]),
            "serves": self._serves.setdefault(serves, len(self._serves)),
            "path": self._text(link["path"] and with_cell(link["path"], link["cell"])),
            "line": link["line"],
            "findings": [findings[index] for index in link["findings"]],
        }

    def _share(self, share: dict[str, Any]) -> dict[str, Any]:
        names = [share["source"], *(tie["target"] for tie in share["ties"])]
        return {
            "names": [self._text(name) for name in names],
            "by": [tie["by"] for tie in share["ties"]],
            "made": share["made"],
        }

    def _node(self, node: dict[str, Any], whole: bool) -> list[Any]:
        children = [child for child in node["children"] if whole or _matters(child)]
        marks = "".join(mark[0] for mark in node["marks"] if not mark.startswith("share"))
        shape = node["shape"] if node["class"] is None or not node["children"] or _has_weight(node) else None
        return [
            self._text(node["name"]),
            self._text(node["class"]),
            shape,
            marks,
            [self._node(child, whole) for child in children],
        ]

    def _finding(self, finding: dict[str, Any]) -> int:
        key = json.dumps(finding)
        if key not in self._findings:
            self._findings[key] = len(self._findings)
            shown = ("code", "name", "message", "line", "column", "severity", "url")
            path, fix = with_cell(finding["path"], finding["cell"]), fix_lines(finding)
            related = [
                [with_cell(place["path"], place["cell"]), place["line"], place["text"]]
                for place in finding["related"]
            ]
            about = {"path": path, "fix": fix, "related": related}
            self._shown.append({**{name: finding[name] for name in shown}, **about})
        return self._findings[key]


_VALUES = {
    "new": "newly initialised",
    "empty": "left without values",
    "mismatched": "of a size that does not fit",
}


def _loads(loads: dict[str, Any] | str | None) -> Iterator[str]:
    """What a folder's checkpoint makes of each parameter that may be tied, a line for each."""
    if isinstance(loads, str):
        yield "what is loaded is not known"
    elif loads is not None:
        for name, found in loads.items():
            tied = f", tied to {', '.join(found['tied_to'])}" if found["tied_to"] else ""
            yield f"{name}: {_VALUES.get(found['values']) or 'stored as ' + str(found['tensor'])}{tied}"


def _matters(node: dict[str, Any]) -> bool:
    return bool(node["marks"]) or any(map(_matters, node["children"]))


def _has_weight(node: dict[str, Any]) -> bool:
    return any(child["name"] == "weight" for child in node["children"])
