"""One model class under one target, explained: by itself, or as it is loaded from a folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tie_lint.cause import Cause, nearest_first
from tie_lint.record import Record, replace

if TYPE_CHECKING:
    from tie_lint.finding import Finding
    from tie_lint.loading.folder import FolderView
    from tie_lint.loading.outcome import Loaded
    from tie_lint.pipeline.document import Document
    from tie_lint.tiemap.tie_map import TieMap
    from tie_lint.tiemap.view import ModelView

UNKNOWN = "unknown"


class Explanation(Record):
    """One model class under one target."""

    facts: dict[str, Any]
    """What is known, as ``--output-format json`` prints it."""
    reasons: dict[str, list[Cause]]
    """Why a fact is unknown, the nearest cause first, with paths as they are shown."""
    folder: FolderView | None
    """The folder that it is loaded from."""


class FreshExplanation(Explanation):
    """One that was just worked out."""

    view: ModelView
    ties: TieMap


def explain_view(
    document: Document, view: ModelView, found: Sequence[Finding] = (), source: str | None = None
) -> FreshExplanation:
    """Explain a class of a document by itself.

    ``found`` are the findings of its text, ``source`` is what asked for the target, if that is worth telling.
    """
    from tie_lint.pipeline.chain import chain_facts
    from tie_lint.tiemap.tie_map import tie_map

    ties = tie_map(view.interp, view.cls)
    facts = {
        **_facts(document, view, ties),
        **chain_facts(document, view, found),
        "transformers_from": source,
    }
    return FreshExplanation(facts, _reasons(document, view, facts, ties.reasons), None, view, ties)


def explain_folder(
    document: Document,
    line: int,
    view: ModelView,
    folder: FolderView,
    source: str,
    found: Sequence[Finding] = (),
    code: Sequence[Finding] = (),
) -> FreshExplanation:
    """Explain a class as it is loaded from a folder, under the target that ``source`` asked for.

    ``document`` is where it stands, config.json for one of the library; ``line`` is where in it. ``found``
    are the findings of the folder, ``code`` those of the class's file.
    """
    from tie_lint.pipeline.chain import finding_facts

    plain, prediction = explain_view(document, view, code), folder.prediction
    ties = replace(
        plain.ties,
        ties=prediction.ties if prediction.is_built else None,
        ties_if_tied=prediction.asked if prediction.is_built else None,
        raises=folder.construction.certain_error,
        raises_if_tied=folder.construction.certain_error,
        construction=folder.construction,
    )
    facts: dict[str, Any] = {
        **plain.facts,
        "chain": _chain(plain.facts["chain"], folder),
        "outcome": _outcome(plain.facts["outcome"], prediction.loaded),
        **_facts(document, view, ties),
        "findings": [*plain.facts["findings"], *(finding_facts(document, view, one) for one in found)],
        "line": line,
        "ties_by_default": plain.facts["ties"],
        "config_file": str(folder.config.path),
        "transformers_from": source,
        "loads": UNKNOWN if prediction.loaded is None else _loads(prediction.loaded),
    }
    causes = {
        **ties.reasons,
        "ties": folder.construction.causes,
        "ties_if_tied": folder.construction.causes,
        "ties_by_default": ties.reasons.get("ties", []),
        "loads": [Cause(prediction.reason, str(view.path.absolute()), line)],
    }
    return FreshExplanation(facts, _reasons(document, view, facts, causes), folder, view, ties)


def _chain(links: list[dict[str, Any]], folder: FolderView) -> list[dict[str, Any]]:
    """The chain of a folder's class, the flag at its place in config.json where that says so."""
    if not folder.says_flag:
        return links
    where = {"path": os.path.normpath(folder.config.path), "cell": None, "line": folder.flag_span[0]}
    return [{**link, **where, "owner": None} if link["link"] == "config" else link for link in links]


def _outcome(answers: dict[str, Any], loaded: Loaded | None) -> dict[str, Any]:
    """What comes of the chain, where the checkpoint that is loaded undoes it."""
    if loaded is not None and loaded.mismatched:
        name = next(iter(loaded.mismatched))
        text = f"from_pretrained() raises: the checkpoint has {name} in another size"
    elif loaded is not None and loaded.parted:
        one, two = loaded.parted[0]
        text = f"from_pretrained() leaves {one} and {two} apart: the checkpoint has other values for each"
    else:
        return answers
    return {**answers, "loaded": {"holds": False, "text": text}}


def _reasons(
    document: Document, view: ModelView, facts: dict[str, Any], causes: Mapping[str, list[Cause]]
) -> dict[str, list[Cause]]:
    """Return the causes of each unknown fact, and put the nearest of each among the facts."""
    header = Cause(f"{view.name} is not all known", document.shown, facts["line"], facts["cell"])
    reasons = {
        fact: _placed(document, view, causes.get(fact) or causes.get("ties") or ()) or [header]
        for fact, value in facts.items()
        if value == UNKNOWN
    }
    facts["reasons"] = {fact: found[0]._asdict() for fact, found in reasons.items()}
    return reasons


def _facts(document: Document, view: ModelView, ties: TieMap) -> dict[str, Any]:
    """Return the object of the schema: paths or None for none, ``"unknown"`` where that is not known."""

    def fact(name: str) -> Any:
        value = getattr(ties, name)
        return UNKNOWN if value is None and not ties.is_known(name) else value

    def error(cause: Cause | None) -> dict[str, Any] | None:
        return None if cause is None else _placed(document, view, [cause])[0]._asdict()

    cell, line = document.place(view.at[0]) if view.at else (None, 1)
    return {
        "path": document.shown,
        "cell": cell,
        "line": line,
        "class": view.name,
        "transformers": view.release,
        "role": view.role.value,
        "config_class": ties.config_class,
        "base_model_prefix": fact("base_model_prefix"),
        "base_model": ties.base_model or None,
        "input_embeddings": fact("input_embeddings") or None,
        "output_embeddings": fact("output_embeddings") or None,
        "ties": fact("ties"),
        "ties_if_tied": fact("ties_if_tied"),
        "saves": fact("saves"),
        "ties_by_default": fact("ties"),
        "raises": error(ties.raises),
        "raises_if_tied": error(ties.raises_if_tied),
        "config_file": None,
        "transformers_from": None,
        "loads": None,
    }


def _placed(document: Document, view: ModelView, causes: Iterable[Cause]) -> list[Cause]:
    """The nearest causes first, with paths and lines as people know them."""
    return nearest_first(map(document.placed_cause, causes), str(view.path.absolute()), document.shown)


def _loads(loaded: Loaded) -> dict[str, Any]:
    """Return what becomes of each parameter that may be tied, by its name."""
    found = {}
    for name, origin in sorted(loaded.origins.items()):
        others = next((group for group in loaded.groups if name in group), [name])
        found[name] = {
            "values": "mismatched" if name in loaded.mismatched else origin.kind,
            "tensor": origin.name or None,
            "tied_to": [other for other in others if other != name],
        }
    return found
