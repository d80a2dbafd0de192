"""What an editor shows at a model class: a line above it, and the chain where the mouse rests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lsprotocol import types

from tie_lint.output.escape import printable
from tie_lint.output.explanation import DRAWN, described, fix_lines
from tie_lint.output.sizes import in_words
from tie_lint.output.stretches import ROWS, stretches
from tie_lint.server.analysis import Analysis
from tie_lint.server.convert import is_within
from tie_lint.tiemap.view import ModelView


def code_lenses(analysis: Analysis, uri: str) -> Iterator[types.CodeLens]:
    """Yield a line above each model class of a text that has something to tie."""
    for view in analysis.views():
        at = analysis.file.location(*view.at)
        title = in_one_line(analysis.explain(view).facts) if at.uri == uri else ""
        if title:
            yield types.CodeLens(range=at.range, command=types.Command(title=title, command=""))


def in_one_line(known: dict[str, Any]) -> str:
    """Return what is to be said of a class in one line; nothing where it has nothing to tie."""
    tied = known["outcome"]["tied"]
    if tied["holds"] == "unneeded":
        return ""
    if tied["holds"] == "unknown":
        return "ties: unknown"
    if tied["holds"]:
        made = [share for share in known["shared"] if share["made"]]
        names = [" = ".join([*(tie["target"] for tie in one["ties"]), one["source"]]) for one in made]
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        return printable(f"ties: {names[0].replace('.weight', '')}{more}")
    broken = [link for link in known["chain"] if "tie" in link["serves"] and link["holds"] is False]
    if not broken:
        return printable(f"not tied: {tied['text']}")
    if broken[0]["link"] == "config":
        return "not tied, as the config says"
    return printable(f"not tied: {broken[0]['link']} {broken[0]['text']}")


def hover(analysis: Analysis, uri: str, position: types.Position) -> types.Hover | None:
    """Return the chain of the model class whose name is at a position of a text."""
    for view in analysis.views():
        at = analysis.file.location(*view.at)
        if at.uri == uri and is_within(position, at.range):
            text = "\n".join(markdown(analysis, view))
            content = types.MarkupContent(kind=types.MarkupKind.Markdown, value=text)
            return types.Hover(contents=content, range=at.range)
    return None


def markdown(analysis: Analysis, view: ModelView) -> Iterator[str]:
    """Yield the lines of a class's chain and what comes of it, as Markdown."""
    known = analysis.explain(view).facts
    yield f"**{_code(known['class'])}** ties under transformers {known['transformers']}"
    yield ""
    for link in known["chain"]:
        only = "" if "tie" in link["serves"] else f" _(to {' and '.join(link['serves'])})_"
        name, said = _code(link["link"]), _code(link["text"])
        yield f"- {DRAWN.mark(link['holds'])} {name}{only} {said} {_where(link, view.path)}"
        for index in link["findings"]:
            finding = known["findings"][index]
            yield f"  - [{finding['code']}]({finding['url']}) {_plain(finding['message'])}"
            lines = fix_lines(finding)
            if lines:
                yield "\n".join(
                    ["    ```python", *(f"    {printable(line)}" for line in lines[1:]), "    ```"]
                )
    yield ""
    yield from _answers(analysis, view)
    if not isinstance(known["shared"], str):
        for share in known["shared"]:
            if share["made"]:
                yield f"\n{_code(described(share))}"
    if any(known["bytes_saved"].values()):
        yield f"\nThe ties save {in_words(known['bytes_saved']['bfloat16'])} in bfloat16."


def _answers(analysis: Analysis, view: ModelView) -> Iterator[str]:
    """What comes of the chain: a row, or a table with a column for each stretch of targets that agree."""
    columns = stretches([analysis.explain(one).facts for one in analysis.in_all_targets(view)])
    if len(columns) == 1:
        yield " · ".join(f"{row} {DRAWN.mark(holds)}" for row, holds in columns[0].answers.items())
        return
    yield f"| | {' | '.join(column.label for column in columns)} |"
    yield f"|---|{'---|' * len(columns)}"
    for row in ROWS:
        yield f"| {row} | {' | '.join(DRAWN.mark(column.answers[row]) for column in columns)} |"


def _code(text: str) -> str:
    """Text of others as code: nothing in it ends the code, or is a link or HTML."""
    return f"`{printable(text).replace('`', chr(39))}`"


def _plain(text: str) -> str:
    """Text of others as text: what Markdown would take for more is escaped."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#|!" else char for char in printable(text))


def _where(link: dict[str, Any], path: Path) -> str:
    """Where a link is said: a file and line to go to."""
    if link["path"] is None:
        return ""
    if link["line"] is None:
        return f"inherited from {_code(link['path'].rpartition('.')[2])}"
    if link["cell"] is not None:
        return f"cell {link['cell']}:{link['line']}"
    target = Path(link["path"])
    target = target if target.is_absolute() else path.absolute().parent / target.name
    return f"[{_plain(target.name)}:{link['line']}]({target.as_uri()}#L{link['line']})"
