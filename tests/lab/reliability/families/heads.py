"""Models with a head: what the head is, and all that may be declared and done to tie it."""

from __future__ import annotations

from typing import NamedTuple

from tests.lab.reliability.families.choices import Choose
from tests.lab.reliability.families.models import accessors, model
from tests.lab.reliability.families.statements import condition


class Backbone(NamedTuple):
    """What models with a head have to know of the backbone."""

    prefix: str
    """What the base class declares as ``base_model_prefix``."""
    embedding: str
    """The path from the backbone to its embedding."""
    config: str
    """The class of its config."""


def headed(choose: Choose, name: str, bases: str, backbone: Backbone) -> list[str]:
    """Return a model with a head, and the classes that it needs."""
    attribute = choose(*(backbone.prefix or "model",) * 4, "backbone")
    owner, embedding = f"self.{attribute}", f"self.{attribute}.{backbone.embedding}"
    head = _heads(choose, embedding)
    lines = _head_class(choose) if "AcmeHead" in "".join(head.makes) else []
    made = choose(
        "AcmeModel(config)", "AcmeModel(config)", "AcmeModel._from_config(config)", "AcmeModel(config=config)"
    )
    body = [f"{owner} = {made}", *filter(None, head.makes)]
    body += choose(
        "",
        "",
        "",
        "",
        f"{head.path}.weight = {embedding}.weight",
        f"if config.tie_word_embeddings:\n    {head.path}.weight = {embedding}.weight",
    ).split("\n")
    body = [line for line in body if line]
    bases = choose(bases, f"{bases}, GenerationMixin")
    methods = accessors(choose, "output", head.path)
    methods += accessors(choose, "input", embedding) if choose("", "", "own") else []
    methods += _tie_weights(choose, head.path, embedding)
    modules = [head.path, embedding, owner, f"{owner}.layers[0]", f"{owner}.layers[1].up"]
    declared = keys(choose, head.path, embedding)
    return lines + model(choose, name, bases, body, modules, methods, declared, f"{owner}.layers")


class Head(NamedTuple):
    """A head that a model may have."""

    makes: list[str]
    path: str
    """That of the layer whose weight is tied."""


def _heads(choose: Choose, embedding: str) -> Head:
    bias = choose("False", "False", "True")
    linear = f"nn.Linear(config.hidden_size, config.vocab_size, bias={bias})"
    name = choose("lm_head", "lm_head", "output", "decoder")
    match choose(
        *("plain",) * 4, "module", "list", "sequence", "none", "conditional", "loop", "setattr", "small"
    ):
        case "module":
            return Head(
                [f"self.head = AcmeHead(config{choose('', f', {embedding}.weight')})"], "self.head.decoder"
            )
        case "list":
            return Head([f"self.heads = nn.ModuleList([{linear} for _ in range(2)])"], "self.heads[0]")
        case "sequence":
            return Head(
                [f"self.{name} = nn.Sequential(nn.Linear(config.hidden_size, config.hidden_size), {linear})"],
                f"self.{name}[1]",
            )
        case "none":
            return Head([], f"self.{name}")
        case "conditional":
            return Head(
                [
                    f"if {condition(choose)}:",
                    f"    self.{name} = {linear}",
                    *choose("", f"else:\n    self.{name} = None").split("\n"),
                ],
                f"self.{name}",
            )
        case "loop":
            return Head(
                [f'for name in ("{name}", "other"):', f"    self.add_module(name, {linear})"], f"self.{name}"
            )
        case "setattr":
            return Head([f'setattr(self, "{name}", {linear})'], f"self.{name}")
        case "small":
            return Head([f"self.{name} = nn.Linear(config.hidden_size, config.hidden_size)"], f"self.{name}")
        case _:
            return Head([f"self.{name} = {linear}"], f"self.{name}")


HEAD = [
    "class AcmeHead(nn.Module):",
    "    def __init__(self, config, weight=None):",
    "        super().__init__()",
    "        self.dense = nn.Linear(config.hidden_size, config.hidden_size)",
    "        self.decoder = nn.Linear(config.hidden_size, config.vocab_size)",
    "        self.bias = nn.Parameter(torch.zeros(config.vocab_size))",
]


def _head_class(choose: Choose) -> list[str]:
    hook = "\n    def _tie_weights(self):\n        self.decoder.bias = self.bias"
    guarded = (
        "\n    def _tie_weights(self):\n        if self.decoder.bias.device.type == 'meta':\n"
        "            self.decoder.bias = self.bias\n        else:\n            self.bias = self.decoder.bias"
    )
    more = choose(
        "",
        "        self.decoder.bias = self.bias",
        "        self.decoder.bias = self.bias" + "\n" + hook,
        hook,
        guarded,
    )
    given = choose("", "", "        if weight is not None:\n            self.decoder.weight = weight")
    return [*HEAD, *filter(None, given.split("\n")), *more.split("\n"), "", ""]


def keys(choose: Choose, head: str, embedding: str) -> str:
    """Return a declaration of ``_tied_weights_keys``."""
    target, source = (f"{_name(path)}.weight" for path in (head, embedding))
    right = (f'["{target}"]', f'{{"{target}": "{source}"}}', f'{{"{target}": "{source}"}}')
    pattern = _name(head).replace(".", r"\.")
    value = choose(
        *("",) * 2,
        *right * 3,
        "None",
        "[]",
        "{}",
        f'("{target}",)',
        f'{{"{target}"}}',
        f'[r"{pattern}.*"]',
        f'[r"^{pattern}\\.weight$", "absent.weight"]',
        f'{{r"{pattern}\\.weight": "{source}"}}',
        f'{{"{source}": "{target}"}}',
        f'{{"{target}": "absent.weight"}}',
        f'{{"absent.weight": "{source}"}}',
        f'["{source}"]',
        f'["{target}", "{source}"]',
        f'["{target}"] + ["{_name(head)}.bias"]',
        f'dict.fromkeys(["{target}"], "{source}")',
        f'{{"{target}": "{source}", "extra.weight": "{source}"}}',
        f'{{"{target}": "{source}", "{_name(head)}.bias": "bias"}}',
        r'[r"heads\.\d+\.weight"]',
        rf'{{r"heads\.\d+\.weight": "{source}"}}',
        rf'{{r"heads\.1\.weight": "{target}", "{target}": "{source}"}}',
        f'"{target}"',
    )
    if value and not choose(*("class",) * 6, ""):
        return f"@property\ndef _tied_weights_keys(self):\n    return {value}"
    return f"_tied_weights_keys = {value}" if value else ""


def _name(path: str) -> str:
    """The name that a module of an expression has in its model."""
    return path.removeprefix("self.").replace("[", ".").replace("]", "")


FLAG = "getattr(self.config, 'tie_word_embeddings', True)"


def _tie_weights(choose: Choose, head: str, embedding: str) -> list[str]:
    """Return an override of ``tie_weights``, or none."""
    signature = choose(
        "self", "self", "self, *args, **kwargs", "self, missing_keys=None, recompute_mapping=True"
    )
    handed = choose("", "*args, **kwargs") if "kwargs" in signature else ""
    ties = f"{head}.weight = {embedding}.weight"
    body = choose(
        *("",) * 8,
        f"super().tie_weights({handed})",
        ties,
        f"super().tie_weights({handed})\n        {ties}",
        "pass",
        f"if self.config.tie_word_embeddings:\n            {ties}",
        f"self._tie_or_clone_weights({head}, {embedding})",
        f"if {FLAG}:\n            {ties}\n        super().tie_weights({handed})",
    )
    if not body:
        return []
    name = choose("tie_weights", "tie_weights", "tie_weights", "_tie_weights")
    return [f"    def {name}({signature}):", f"        {body}", ""]
