"""What comes of the chain: whether a model is tied, saved, loaded and resized, and what the ties save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tie_lint.record import NamedTuple
from tie_lint.tiemap.built_model import Groups
from tie_lint.tiemap.chain import BEYOND, Holds, has_ends, raising
from tie_lint.tiemap.embeddings import Getter
from tie_lint.tiemap.resizing import Setter
from tie_lint.tiemap.shares import Share

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView

Row = Literal["tied", "saved", "loaded", "resized"]


class Answer(NamedTuple):
    """One thing that comes of it, under the config's own defaults."""

    holds: Holds
    text: str


def outcome(view: ModelView, shares: list[Share] | None, emptied: Groups) -> dict[Row, Answer]:
    """Return what comes of a model class; ``shares`` is what its default config shares, ``emptied`` the names
    among them that hold nothing after a load.
    """
    unknown = Answer(None, BEYOND)
    return {
        "tied": view.attempt(lambda: _tied(view, shares)) or unknown,
        "saved": view.attempt(lambda: _saved(view)) or unknown,
        "loaded": view.attempt(lambda: _loaded(view, shares, emptied)) or unknown,
        "resized": view.attempt(lambda: _resized(view)) or unknown,
    }


def _tied(view: ModelView, shares: list[Share] | None) -> Answer:
    failing = raising(view)
    if failing is not None:
        return Answer(*failing)
    if shares is None:
        return Answer(None, "unknown")
    head = view.embeddings.head
    if view.ties.head_is_tied or view.ties.head_is_shared:
        return Answer(True, f"{head} has the weight of an embedding")
    if head is not None and any(_reaches_into(share, head) for share in shares):
        return Answer(True, f"the heads in {head} have the weights of embeddings")
    if head is not None:
        asked = view.config.asks_by_default
        return Answer(False, f"{head} has a weight of its own{'' if asked else ', as the config says'}")
    if shares:
        return Answer(True, "the embeddings are shared")
    if has_ends(view) is False:
        return Answer("unneeded", "nothing to tie")
    return Answer(False, "no parameter is shared")


def _reaches_into(share: Share, listed: str) -> bool:
    """Whether a weight is shared between what stands in a list and something else."""
    inside = [_is_within(name, listed) for name in (share.source, *(tie.target for tie in share.ties))]
    return any(inside) and not all(inside)


def _is_within(name: str, listed: str) -> bool:
    holder, _, leaf = name.rpartition(".")
    return leaf == "weight" and holder.startswith(f"{listed}.")


def _saved(view: ModelView) -> Answer:
    saves = view.ties.saves_by_default
    if saves is None:
        return Answer(None, "unknown")
    if saves:
        return Answer(True, "save_pretrained() accepts it")
    refused = view.ties.refused
    names = f" for {' = '.join(refused[0])}" if refused else ""
    return Answer(False, f"save_pretrained() raises RuntimeError{names}")


def _loaded(view: ModelView, shares: list[Share] | None, emptied: Groups) -> Answer:
    if shares is None:
        return Answer(None, "unknown")
    if not shares:
        return Answer("unneeded", "no tie to keep")
    lost = view.lifecycle.lost_on_load
    if lost:
        return Answer(False, f"from_pretrained() parts {' and '.join(lost[0])}")
    if emptied:
        return Answer(False, f"from_pretrained() leaves {' and '.join(emptied[0])} on the meta device")
    if view.interp.contract.ties_by == "keys" and view.tied_keys.misordered:
        target, source = view.tied_keys.misordered[0]
        return Answer(False, f"from_pretrained() takes {source} for {target} before it is there")
    return Answer(True, "from_pretrained() keeps the tie")


_SETTER = {Setter.RAISES: "raises", Setter.NO_EFFECT: "has no effect"}


def _resized(view: ModelView) -> Answer:
    found = view.embeddings.vocabulary
    if found is None:
        return Answer(None, "unknown")
    if not found.embeddings and not found.heads:
        return Answer("unneeded", "no vocabulary")
    if view.resize_code.replaces_library:
        return Answer(None, "resize_token_embeddings() of its own")
    getter = view.embeddings.input_getter
    if getter is not Getter.WORKS or view.wrong_embeddings.input is not None:
        return _not_handed_out(getter)
    setter = view.resizing.input_setter
    if setter is not Setter.WORKS:
        what = "unknown" if setter is None else f"set_input_embeddings() {_SETTER[setter]}"
        return Answer(None if setter is None else False, what)
    return _head_resized(view)


def _not_handed_out(getter: Getter | None) -> Answer:
    if getter is None:
        return Answer(None, "unknown")
    how = "returns another module" if getter is Getter.WORKS else getter.value
    return Answer(False, f"get_input_embeddings() {how}")


def _head_resized(view: ModelView) -> Answer:
    contract, getter = view.interp.contract, view.embeddings.output_getter
    if view.embeddings.head is None:
        sets = contract.resizes_tied_head or not view.config.asks_by_default
        if sets and view.resizing.output_setter is Setter.RAISES:
            return Answer(False, f"set_output_embeddings() {_SETTER[Setter.RAISES]}")
        return Answer(True, "resize_token_embeddings() works")
    tied = view.ties.head_is_tied
    if getter is not Getter.WORKS or view.wrong_embeddings.output is not None:
        if getter is None:
            return Answer(None, "unknown")
        if tied and contract.ties_by == "keys":
            return Answer(True, "the head follows the input embedding, as it is tied")
        return Answer(False, "the head keeps its size")
    setter = view.resizing.output_setter
    if setter in _SETTER and (not tied or contract.resizes_tied_head):
        return Answer(False, f"set_output_embeddings() {_SETTER[setter]}")
    if setter is None and not tied:
        return Answer(None, "unknown")
    if view.resizing.put_back is not None:
        return Answer(False, "tie_weights() gives the head its old size again")
    return Answer(True, "resize_token_embeddings() works")
