from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.edits.accessors import give_accessors
from tie_lint.edits.assignment import remove_assignment
from tie_lint.edits.proposal import Proposal
from tie_lint.edits.source import Source
from tie_lint.edits.tied_keys import declare
from tie_lint.finding import Edit, Severity
from tie_lint.library.target import Target
from tie_lint.loading.emptied import emptied_by_hand
from tie_lint.remedies.accessors import aliases_of, has_accessor
from tie_lint.remedies.tied_mapping import mapping_of
from tie_lint.rules import Problem, rule
from tie_lint.rules.alike import alike, groups_named
from tie_lint.rules.part import in_class
from tie_lint.tiemap.embeddings import Getter

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


@rule("TIE108", "manual-tie", fix="sometimes", severity={"4.40": "warning", "4.51": "error"})
def manual_tie(view: ModelView, target: Target) -> Iterator[Problem]:
    """A tie made by assignment in `__init__`, or by a model inside, which loading undoes.

    ## What it does

    Looks for parameters

    - that `__init__`, or an `init_weights()` or `post_init()` that it calls, assigns to two modules, or
    - that a model which this one holds ties by itself when it is built,

    and that neither `tie_weights()` nor `_tied_weights_keys` ties again after a checkpoint has been loaded. A
    head is looked at with `tie_word_embeddings=False` as well. A part that the config decides on may tie,
    too: a `tie_weights()` that does not ask it is reported.

    Looks up to 4.57 also for a `_tie_weights()` that ties the wrong way round (`self.bias =
    self.decoder.bias`), so that the name that `save_pretrained()` left out takes the place of the loaded one.

    ## Why is this bad

    `from_pretrained()` builds the model on the meta device and then gives each name a tensor of its own:
    the assignment is undone. The checkpoint holds the shared matrix once, so that one of its names is
    missing and comes back newly initialised. Training went well, and the loaded model gives noise.

    ## Example (from 4.51)

    ```python
    from torch import nn
    from transformers import LlamaModel, LlamaPreTrainedModel


    class AcmeForCausalLM(LlamaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = LlamaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.head.weight = self.model.embed_tokens.weight
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Use instead

    ```python
    from torch import nn
    from transformers import LlamaModel, LlamaPreTrainedModel


    class AcmeForCausalLM(LlamaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = LlamaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Example: `init_weights()` ties (from 4.51)

    ```python
    from torch import nn
    from transformers import LlamaModel, LlamaPreTrainedModel


    class AcmeForCausalLM(LlamaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = LlamaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def init_weights(self):
            super().init_weights()
            self.head.weight = self.model.embed_tokens.weight

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Use instead

    ```python
    from torch import nn
    from transformers import LlamaModel, LlamaPreTrainedModel


    class AcmeForCausalLM(LlamaPreTrainedModel):
        _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

        def __init__(self, config):
            super().__init__(config)
            self.model = LlamaModel(config)
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

        def get_output_embeddings(self):
            return self.head

        def set_output_embeddings(self, new_embeddings):
            self.head = new_embeddings
    ```

    ## Releases

    From 4.51 on, where `from_pretrained()` always builds on the meta device. Before, it did so with
    `low_cpu_mem_usage=True`, a `device_map` or quantisation: a warning.

    From 4.56 `tie_weights()` asks the models inside, too: a complete model that another one holds loses its
    tie up to 4.55.

    A bias that a head holds twice (`self.decoder.bias = self.bias`) is tied again by a `_tie_weights` hook
    up to 4.57, and by an entry of `_tied_weights_keys` from 5.0.

    ## Fix safety

    Removes the assignment, and adds the keys and the getter that the library needs to tie the two by itself,
    where they are lacking. This is never safe: from then on the config decides whether they are tied.

    A fix of another finding that would let such a model be saved, and so lose the tie without a word, is not
    offered.
    """
    lost = view.lifecycle.lost_on_load
    for groups in alike(lost):
        part = view.lifecycle.ties_inside(groups[0])
        if part is None:
            yield _problem(view, groups, _shares(view, groups), "", "error")
        elif not view.family.is_component and not _is_for_getter(view, groups[0]):
            what = f"holds a model as self.{part} that ties {groups_named(groups)} by itself"
            yield _problem(view, groups, what, "", "error")
    for groups in alike(view.lifecycle.lost_on_meta):
        yield _problem(view, groups, _shares(view, groups), WITH_LITTLE_MEMORY, "warning")
    for groups in alike(emptied_by_hand(view)):
        severity: Severity = "error" if target.contract.loads_on_meta else "warning"
        yield _emptying(view, groups, "" if severity == "error" else WITH_LITTLE_MEMORY, severity)
    left = view.lifecycle.part_left_untied
    if left is not None:
        at_once = target.contract.loads_on_meta
        yield Problem(
            view.place("tie_weights"),
            f"{view.name}.tie_weights() does not call self.{left}.tie_weights(), and"
            f" {'' if at_once else WITH_LITTLE_MEMORY}nothing ties that model when a checkpoint is loaded",
            "if it ties its head by itself, from_pretrained() parts it from the embedding",
            "warning",
        )
    weight = f"{view.embeddings.head}.weight"
    if view.tied_keys.declared and any(
        weight in group for group in view.models.groups(view.models.untied) or ()
    ):
        for group in view.lifecycle.lost_on_load_untied:
            if weight in group and not any(set(group) & set(other) for other in lost):
                yield _problem(view, [group], _shares(view, [group]), UNTIED, "warning")


WITH_LITTLE_MEMORY = "with low_cpu_mem_usage=True "
"""What has a model be loaded on the meta device up to 4.50."""
UNTIED = "with tie_word_embeddings=False "


def _shares(view: ModelView, groups: list[list[str]]) -> str:
    return f"shares {groups_named(groups)} by assignment in {view.lifecycle.shared_in(groups[0])[1]}"


def _is_for_getter(view: ModelView, group: list[str]) -> bool:
    """Whether a getter would have them tied again, of which TIE001 speaks."""
    head, ending = view.embeddings.head, view.embeddings.output_getter
    return f"{head}.weight" in group and ending is not Getter.WORKS


def _problem(view: ModelView, groups: list[list[str]], what: str, when: str, severity: Severity) -> Problem:
    once = "once the model can be loaded, " if view.lifecycle.fails_to_load else ""
    return Problem(
        view.at,
        f"{view.name} {what}, and {when}nothing ties them again when a checkpoint is loaded",
        f"{once}from_pretrained() parts them;"
        " what the checkpoint lacks is newly initialised, or stays on meta",
        severity,
        functools.partial(_fix, view, groups),
        rests_on=in_class("TIE108", view.lifecycle.shared_in(groups[0])[0], str(groups[0])),
    )


def _emptying(view: ModelView, groups: list[list[str]], when: str, severity: Severity) -> Problem:
    return Problem(
        view.at,
        f"{view.name} shares {groups_named(groups)}, and {when}tie_weights() takes the one"
        " that checkpoints leave out as the source",
        "what was loaded is lost, and both stay on the meta device",
        severity,
        rests_on=in_class("TIE108", view.lifecycle.shared_in(groups[0])[0], str(groups[0])),
    )


def _fix(view: ModelView, groups: list[list[str]], source: Source) -> Iterator[Proposal]:
    """The assignment can go where the library ties them as well; but then the config decides.

    What the library needs for that is given to it where it lacks.
    """
    cls = source.class_at(view.at)
    if cls is None:
        return
    group = groups[0]
    removal, mapping = remove_assignment(source, cls, group), mapping_of(view, groups)
    if not removal:
        return
    keys = declare(source, cls, _in_form(view, mapping)) if mapping and not view.tied_keys.declared else []
    getter = _getter(view, source, cls, group)
    yield Proposal.of(*removal, *keys, *getter, certain=False)


def _in_form(view: ModelView, mapping: dict[str, str]) -> list[str] | dict[str, str]:
    return list(mapping) if view.interp.contract.keys_form == "list" else mapping


def _getter(view: ModelView, source: Source, cls: ast.ClassDef, group: list[str]) -> list[Edit | None]:
    """The getter of a head that is one of the names, where that is not handed out, with a setter."""
    head = view.embeddings.head
    if head is None or f"{head}.weight" not in group or view.embeddings.output_getter is Getter.WORKS:
        return []
    setter = not has_accessor(view, "set_output_embeddings")
    return give_accessors(source, cls, "output", head, setter, aliases_of(view, head))
