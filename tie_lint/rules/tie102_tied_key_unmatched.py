from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.edits.tied_keys import correct
from tie_lint.interpreter.classes import Class
from tie_lint.library.target import Target
from tie_lint.remedies.tied_mapping import renamed_parameters, undeclared_names
from tie_lint.rules import Problem, rule
from tie_lint.rules.part import given

if TYPE_CHECKING:
    from tie_lint.tiemap.unmatched_keys import KeySide, Unmatched
    from tie_lint.tiemap.view import ModelView


@rule("TIE102", "tied-key-unmatched", fix="sometimes", severity="error")
def tied_key_unmatched(view: ModelView, target: Target) -> Iterator[Problem]:
    """An entry of `_tied_weights_keys` matches no parameter of the model.

    ## What it does

    Looks up every key, and from transformers 5 every source, of `_tied_weights_keys` among the model's
    parameters. The nearest real name is suggested.

    ## Why is this bad

    From 5.0 the mapping is what ties: a name that is not there raises as soon as the config asks for the
    tie, and one that is a buffer raises when the model is loaded. Up to 4.57 a key only lets
    `save_pretrained()` drop the copy of a shared matrix: a misspelt one does not cover it, and saving raises
    `RuntimeError`. A stale key beside one that works does no harm up to 4.57 and is not reported there.

    ## Example

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Use instead

    ```python
    from torch import nn
    from transformers import GemmaModel, GemmaPreTrainedModel


    class AcmeForCausalLM(GemmaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = GemmaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Releases

    - Up to 4.57 keys are patterns that are searched for anywhere in a name; sources are not read.
    - From 5.0 keys and sources are full names, or patterns that match from the start of a name.

    ## Fix safety

    Replaces the entry, if it is written out in the source. Three names are tried, in this order:

    - the nearest real name;
    - the one that differs only in its first part;
    - one that should be declared and is not.

    The fix is safe if the ties that result are those that the code asks for.
    """
    if not view.tied_keys.unmatched or not _matters(view, target) or view.ties.opts_out:
        return
    undeclared = functools.cache(functools.partial(undeclared_names, view))
    renamed = functools.cache(functools.partial(renamed_parameters, view))
    for found in view.tied_keys.unmatched:
        hint = f"; did you mean {found.nearest!r}?" if found.nearest else ""
        yield Problem(
            view.place("_tied_weights_keys"),
            f"{view.name}._tied_weights_keys:"
            f" the {found.side.value} {found.entry!r}"
            f" {'names a buffer, not a' if found.names_buffer else 'matches no'} parameter{hint}",
            _effect(found, target),
            "error" if view.config.asks_by_default else "warning",
            functools.partial(_fix, view, found, undeclared, renamed),
            rests_on=given("TIE102", view, "_tied_weights_keys", _what(view, found)),
        )


def _what(view: ModelView, found: Unmatched) -> str:
    """What has to be fixed: the entry with both its names where they are buffers, else the name."""
    mapping = view.tied_keys.value
    if found.names_buffer and isinstance(mapping, dict):
        return next((key for key, source in mapping.items() if found.entry in (key, source)), found.entry)
    return f"{found.side.value} {found.entry}"


def _effect(found: Unmatched, target: Target) -> str:
    if found.names_buffer:
        return "loading it raises AttributeError"
    if target.contract.keys_form == "list":
        return "save_pretrained() raises RuntimeError for the shared tensors"
    return "__init__ raises, or the tie is not made, once the config asks for it"


def _fix(
    view: ModelView,
    found: Unmatched,
    undeclared: Callable[[KeySide], list[str]],
    renamed: Callable[[], dict[str, str]],
    source: Source,
) -> Iterator[Proposal]:
    """The real name that is most like the wrong one, or one that should be declared and is not."""
    cls = _declaring(view, source)
    if cls is not None:
        likely = (name for name in undeclared(found.side) if _is_of_one_kind(found.entry, name))
        names = (found.nearest, renamed().get(found.entry.partition(".")[2]), *likely)
        for right in dict.fromkeys(filter(None, names)):
            yield Proposal.of(*correct(source, cls, found.entry, right))


def _declaring(view: ModelView, source: Source) -> ast.ClassDef | None:
    """The class of this file that the model has its keys from."""
    found = view.cls.find("_tied_weights_keys")
    if found is None or not isinstance(found[0], Class) or found[0].scope is not view.cls.scope:
        return None
    return source.class_at(found[0].facts.at)


def _is_of_one_kind(entry: str, name: str) -> bool:
    """Whether an entry can mean a parameter: one for a bias is no misspelt weight, and vice versa."""
    kinds = entry.rpartition(".")[2], name.rpartition(".")[2]
    return {*kinds} != {"weight", "bias"}


def _matters(view: ModelView, target: Target) -> bool:
    """Whether the keys are the class's own, or inherited by one that makes its modules itself, and read."""
    if not view.declares("_tied_weights_keys") and not view.own_init:
        return False
    if target.contract.keys_form == "list":
        return bool(view.ties.refused)
    return view.config.can_be_asked or view.config.has_no_flag  # which a config.json may have all the same
