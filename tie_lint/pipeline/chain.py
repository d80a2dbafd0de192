"""The chain of a model class as plain data: its links with their findings, what comes of it, what is shared.

These are the keys of ``explain --output-format json`` that every picture is drawn from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tie_lint.cause import shown_beside
from tie_lint.finding import Finding
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.loading.emptied import emptied_by_hand, emptied_by_keys
from tie_lint.pipeline.links import LINK_OF
from tie_lint.pipeline.related import related
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.chain import Link, chain, unfollowed
from tie_lint.tiemap.construction import Construction
from tie_lint.tiemap.folding import Row, fold
from tie_lint.tiemap.outcome import outcome
from tie_lint.tiemap.outline import Node, outline
from tie_lint.tiemap.shares import Share, Tie, shares, unmade

if TYPE_CHECKING:
    from tie_lint.pipeline.document import Document
    from tie_lint.tiemap.view import ModelView

UNKNOWN = "unknown"

BYTES = {"float32": 4, "bfloat16": 2}


def chain_facts(document: Document, view: ModelView, found: Sequence[Finding]) -> dict[str, Any]:
    """Return what the chain of a model class is, with the findings of its document that are about it."""
    findings = view.attempt(lambda: about(view, found)) or []
    built = view.models
    by_default = view.attempt(lambda: shares(view, built.default))
    links = view.attempt(lambda: chain(view)) or unfollowed()
    emptied = None
    if view.interp.contract.loads_on_meta:
        emptied = view.attempt(lambda: [*emptied_by_keys(view), *emptied_by_hand(view)])
    folded = None if by_default is None else _fold([*by_default, *_missing(view, built.default)])
    spared = sum(share.elements_saved for share in by_default or ())
    return {
        "chain": [_link(link, document, view, findings) for link in links],
        "outcome": {
            name: {"holds": _three(answer.holds), "text": answer.text}
            for name, answer in outcome(view, by_default, emptied or []).items()
        },
        "bytes_saved": {dtype: size * spared for dtype, size in BYTES.items()},
        "shared": UNKNOWN if folded is None else [_as_json(share, count) for share, count, _ in folded],
        "shared_if_tied": _shared(view, built.tied),
        "shared_if_untied": _shared(view, built.untied),
        "tree": _tree(view, folded or []),
        "findings": [finding_facts(document, view, finding) for finding in findings],
    }


def about(view: ModelView, found: Iterable[Finding]) -> list[Finding]:
    """Return the findings that hold in a view's release and are about a class that it is explained by."""
    names = explained_by(view)
    return [
        head
        for head in found
        if any(view.release in one.transformers and one.class_name in names for one in head.every)
    ]


def explained_by(view: ModelView) -> set[str]:
    """Return the names of the classes whose findings explain a class: itself, those that it derives from,
    and its backbone, of the same file.
    """
    family = [*view.cls.mro, *(cls for cls, _ in view.family.models_in(view.cls).values())]
    return {item.leaf for item in family if isinstance(item, Class) and item.scope is view.cls.scope}


def finding_facts(document: Document, view: ModelView, finding: Finding) -> dict[str, Any]:
    """Return a finding about a class of a document, with the places that it is about."""
    here, places = str(view.path.absolute()), []
    for place in related(view, finding):
        cell, line = document.place(place.line) if place.path == here else (None, place.line)
        path = shown_beside(place.path, here, document.shown)
        places.append({"path": path, "cell": cell, "line": line, "text": place.text})
    return {**document.placed(finding).as_json(), "related": places}


def _link(link: Link, document: Document, view: ModelView, findings: list[Finding]) -> dict[str, Any]:
    path, line, owner = link.place or (None, None, None)
    cell: int | None = None
    if path is not None and line is not None:
        here = str(view.path.absolute())
        if path == here:
            cell, line = document.place(line)
        path = shown_beside(path, here, document.shown)
    return {
        "link": link.name,
        "holds": _three(link.holds),
        "text": link.text,
        "serves": list(link.serves),
        "path": path,
        "cell": cell,
        "line": line,
        "owner": owner,
        "findings": [index for index, one in enumerate(findings) if LINK_OF.get(one.code) == link.name],
    }


def _three(holds: bool | str | None) -> bool | str:
    return UNKNOWN if holds is None else holds


# -- what is shared -------------------------------------------------------------------------------------


def _missing(view: ModelView, construction: Construction) -> list[Share]:
    share = view.attempt(lambda: unmade(view, construction))
    return [] if share is None else [share]


def _shared(view: ModelView, construction: Construction) -> list[dict[str, Any]] | str:
    found = view.attempt(lambda: shares(view, construction))
    if found is None:
        return UNKNOWN
    return [_as_json(share, count) for share, count, _ in _fold([*found, *_missing(view, construction)])]


def _fold(found: list[Share]) -> list[tuple[Share, int, list[Row]]]:
    """Return shares that differ in running numbers alone as one, with their number and all names."""
    by_names = {(share.source, *(tie.target for tie in share.ties)): share for share in found}
    folded = []
    for names, rows in fold(by_names):
        first = by_names[rows[0]]
        ties = tuple(Tie(name, tie.by) for name, tie in zip(names[1:], first.ties, strict=True))
        folded.append((first._replace(source=names[0], ties=ties), len(rows), rows))
    return folded


def _as_json(share: Share, count: int) -> dict[str, Any]:
    return {
        "source": share.source,
        "ties": [tie._asdict() for tie in share.ties],
        "shape": share.shape and list(share.shape),
        "count": count,
        "made": share.made,
    }


# -- the tree -------------------------------------------------------------------------------------------


def _tree(view: ModelView, folded: list[tuple[Share, int, list[Row]]]) -> dict[str, Any] | None:
    model = view.models.available.model
    if model is None:
        return None
    marks: dict[str, tuple[str, ...]] = {}
    ends = {"input": _path(view, End.INPUT), "output": _path(view, End.OUTPUT), "head": view.embeddings.head}
    for end, path in ends.items():
        if path:
            marks[path] = (*marks.get(path, ()), end)
    for number, (_, _, rows) in enumerate(folded):
        for name in (name for row in rows for name in row):
            marks[name] = (*marks.get(name, ()), f"share {number}")
    found = view.attempt(lambda: outline(model, view.name, marks))
    return None if found is None else _node(found)


def _path(view: ModelView, end: End) -> str | None:
    """Where a getter leads."""
    model, found = view.models.available.model, view.embeddings.getter(end)[1]
    if model is None or not isinstance(found, Module):
        return None
    return view.attempt(lambda: module_tree.path_of(model, found))


def _node(node: Node) -> dict[str, Any]:
    return {
        "name": node.name,
        "class": node.kind or None,
        "shape": node.shape and list(node.shape),
        "marks": list(node.marks),
        "children": [_node(child) for child in node.children],
    }
