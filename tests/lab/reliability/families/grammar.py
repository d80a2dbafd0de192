"""The text of a family of models: config, base class, backbone, heads, and what holds them."""

from __future__ import annotations

from tests.lab.reliability.families.backbones import decoder, encoder_decoder
from tests.lab.reliability.families.choices import Choose
from tests.lab.reliability.families.configs import composite, config
from tests.lab.reliability.families.heads import Backbone, headed, keys
from tests.lab.reliability.families.models import accessors, model
from tests.lab.reliability.families.statements import WIDE

IMPORTS = """\
import copy
from functools import partial

import torch
from torch import nn
from transformers import GenerationMixin, PretrainedConfig, PreTrainedModel

"""


def family(choose: Choose) -> str:
    """Return a file with a family of models."""
    is_composite = choose("", "", "", "composite")
    text_config = "AcmeTextConfig" if is_composite else "AcmeConfig"
    lines = config(choose, text_config, "acme_text" if is_composite else "acme")
    lines += composite(choose) if is_composite else []
    prefix = choose("model", "model", "model", "acme", "")
    lines += _base(choose, prefix, text_config)
    lines += _layer(choose)
    embedding, more = (encoder_decoder if choose.number(4) == 3 else decoder)(choose)
    backbone = Backbone(prefix, embedding, text_config)
    lines += more
    lines += headed(choose, "AcmeForCausalLM", "AcmePreTrainedModel", backbone)
    lines += _derived(choose, backbone) if choose("", "derived") else []
    lines += _holder(choose, backbone) if is_composite else []
    return IMPORTS + "\n" + "\n".join(lines).rstrip("\n") + "\n"


def _base(choose: Choose, prefix: str, config_class: str) -> list[str]:
    keys = choose(
        "", "", "", "", '    _tied_weights_keys = ["lm_head.weight"]', "    _tied_weights_keys = None"
    )
    return [
        "class AcmePreTrainedModel(PreTrainedModel):",
        f"    config_class = {config_class}",
        *([f'    base_model_prefix = "{prefix}"'] if prefix or choose("", "written") else []),
        *filter(None, [keys, choose("", "    main_input_name = 'input_ids'")]),
        "",
        "    def _init_weights(self, module):",
        "        if isinstance(module, nn.Linear):",
        "            module.weight.data.normal_(mean=0.0, std=0.02)",
        "",
        "",
    ]


def _layer(choose: Choose) -> list[str]:
    extra = choose(
        "",
        "",
        "",
        "self.down.weight = self.up.weight",
        "self.gate = self.up",
        "self.down = copy.deepcopy(self.up)",
    )
    return [
        "class AcmeLayer(nn.Module):",
        "    def __init__(self, config, index=0):",
        "        super().__init__()",
        "        self.up = nn.Linear(config.hidden_size, config.hidden_size)",
        "        self.down = nn.Linear(config.hidden_size, config.hidden_size)",
        *([f"        {extra}"] if extra else []),
        "",
        "",
    ]


def _derived(choose: Choose, backbone: Backbone) -> list[str]:
    """Return a class that derives from the model with a head."""
    body = choose(
        "self.score = nn.Linear(config.hidden_size, 2)",
        f"self.lm_head = {WIDE}",
        "self.lm_head = None",
        f"self.{backbone.prefix or 'model'} = AcmeModel(config)",
        "pass",
        "self.num_labels = 2",
    )
    keys = choose(
        "",
        "",
        "",
        "_tied_weights_keys = None",
        '_tied_weights_keys = ["score.weight"]',
        "_tied_weights_keys = AcmeForCausalLM._tied_weights_keys",
    )
    getters = accessors(choose, "output", "self.lm_head") if choose("", "", "own") else []
    modules = [
        f"self.{backbone.prefix or 'model'}",
        *(["self.lm_head"] if "lm_head" in body else []),
        f"self.{backbone.prefix or 'model'}.{backbone.embedding}",
    ]
    return [
        "",
        *model(
            choose,
            "AcmeForDerived",
            "AcmeForCausalLM",
            [body],
            modules,
            getters,
            keys,
            f"{modules[0]}.layers",
        ),
    ]


def _holder(choose: Choose, backbone: Backbone) -> list[str]:
    """Return a model that holds the one with a head, or the backbone beside a head, with the outer config."""
    held = choose("AcmeForCausalLM", "AcmeModel")
    made = choose(
        f"{held}(config.text_config)",
        f"{held}._from_config(config.text_config)",
        f"{held}(config.get_text_config())",
    )
    name = choose("language_model", "language_model", backbone.prefix or "model")
    body = ["self.vision = nn.Linear(4, config.text_config.hidden_size)", f"self.{name} = {made}"]
    inner = f"self.{name}.{backbone.prefix or 'model'}" if held == "AcmeForCausalLM" else f"self.{name}"
    head, embedding = f"self.{name}.lm_head", f"{inner}.{backbone.embedding}"
    if held == "AcmeModel":
        head = "self.lm_head"
        sizes = "config.text_config.hidden_size, config.text_config.vocab_size"
        body.append(f"self.lm_head = nn.Linear({sizes}, bias=False)")
    own = choose("", "config_class = AcmeConfig", "config_class = AcmeConfig")
    declared = choose(
        keys(choose, head, embedding),
        f'_tied_weights_keys = [f"{name}.{{key}}" for key in AcmeForCausalLM._tied_weights_keys]',
        "",
    )
    getters = [
        line
        for end in ("input", "output")
        for line in _delegates(choose, end, f"self.{name}", {"input": embedding, "output": head}[end])
    ]
    modules = [f"self.{name}", head, embedding, "self.vision"]
    lines = model(
        choose,
        "AcmeForConditionalGeneration",
        "AcmePreTrainedModel",
        body,
        modules,
        getters,
        "\n".join(filter(None, (own, declared))),
        f"{inner}.layers",
    )
    return ["", *lines]


def _delegates(choose: Choose, end: str, held: str, path: str) -> list[str]:
    if choose("", "own"):
        return accessors(choose, end, path)
    return [f"    def get_{end}_embeddings(self):", f"        return {held}.get_{end}_embeddings()", ""]
