"""The formats that explanations are written in, each imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from tie_lint.pipeline.explanation import Explanation

Writer = Callable[[Iterable["Explanation"], TextIO], None]


def writer(name: str) -> Writer:
    """Return what writes explanations in a format: text, json, html, svg or mermaid."""
    match name:
        case "html":
            from tie_lint.output.html import write_html

            return write_html
        case "svg":
            from tie_lint.output.svg import write_svg

            return write_svg
        case "mermaid":
            from tie_lint.output.mermaid import write_mermaid

            return write_mermaid
    from tie_lint.output import explanation

    return explanation.write_json if name == "json" else explanation.write_text
