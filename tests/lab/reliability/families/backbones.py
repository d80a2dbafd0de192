"""Backbones: with one stack, or with two that share what they embed with."""

from __future__ import annotations

from tests.lab.reliability.families.choices import Choose
from tests.lab.reliability.families.models import accessors, model

NEW = "nn.Embedding(config.vocab_size, config.hidden_size)"
HOOK = """\
    def _tie_weights(self):
        if self.config.tie_word_embeddings:
            self._tie_or_clone_weights(self.encoder.embed_tokens, self.shared)
            self._tie_or_clone_weights(self.decoder.embed_tokens, self.shared)
"""
SUBCLASS = """\
    def __init__(self, *args, scale=1.0):
        super().__init__(*args)
        self.scale = scale"""


def decoder(choose: Choose) -> tuple[str, list[str]]:
    """Return the path of the embedding, and a backbone with one stack."""
    new = choose("nn.Embedding", "nn.Embedding", "AcmeEmbedding") + "(config.vocab_size, config.hidden_size)"
    name = choose("embed_tokens", "embed_tokens", "wte", "word_embeddings")
    lines: list[str] = []
    if new.startswith("Acme"):
        lines += [
            "class AcmeEmbedding(nn.Embedding):",
            *choose("    pass", SUBCLASS).split("\n"),
            "",
            "",
        ]
    match choose("plain", "plain", "plain", "module", "dict"):
        case "plain":
            path, makes = name, f"self.{name} = {new}"
        case "module":
            path, makes = f"embeddings.{name}", "self.embeddings = AcmeEmbeddings(config)"
            lines += [
                "class AcmeEmbeddings(nn.Module):",
                "    def __init__(self, config):",
                "        super().__init__()",
                f"        self.{name} = {new}",
                "",
                "",
            ]
        case _:
            path, makes = f"stack.{name}", f"self.stack = nn.ModuleDict(dict({name}={new}))"
    body = [makes, *_layers(choose)]
    modules = [f"self.{path}", "self.layers[0].up", "self.layers[1].down", "self.layers[0]"]
    getters = accessors(choose, "input", f"self.{path}")
    return path, lines + model(choose, "AcmeModel", "AcmePreTrainedModel", body, modules, getters)


def encoder_decoder(choose: Choose) -> tuple[str, list[str]]:
    """Return the path of the embedding, and a backbone with two stacks."""
    one, two = "encoder.embed_tokens.weight", "decoder.embed_tokens.weight"
    keys = choose(
        *("",) * 2,
        f'_tied_weights_keys = ["{one}", "{two}"]',
        f'_tied_weights_keys = {{"{one}": "shared.weight", "{two}": "shared.weight"}}',
        '_tied_weights_keys = {"decoder.embed_tokens.weight": "encoder.embed_tokens.weight"}',
        r'_tied_weights_keys = [r"(en|de)coder\.embed_tokens\.weight"]',
    )
    given = choose(
        "self.shared",
        "self.shared",
        "copy.deepcopy(self.shared)",
        "None",
        "nn.Embedding(config.vocab_size, config.hidden_size)",
    )
    second = choose(given, given, "self.encoder.embed_tokens", "embed_tokens=self.shared")
    body = [
        "self.shared = nn.Embedding(config.vocab_size, config.hidden_size)",
        f"self.encoder = AcmeStack(config, {given})",
        f"self.decoder = AcmeStack(config, {second})",
        "self.layers = self.encoder.layers",
    ]
    bases = choose("AcmePreTrainedModel", "nn.Module")
    inside = [
        f"super().__init__({'config' if bases != 'nn.Module' else ''})",
        *_taking(choose),
        *_layers(choose),
    ]
    inside += ["self.post_init()"] if bases != "nn.Module" and choose("", "post_init") else []
    stack = [
        f"class AcmeStack({bases}):",
        "    def __init__(self, config, embed_tokens=None):",
        *[f"        {line}" for line in inside],
    ]
    getters = accessors(choose, "input", "self.shared")
    more = choose(
        "",
        "",
        HOOK,
    )
    modules = ["self.shared", "self.encoder.embed_tokens", "self.decoder.embed_tokens", "self.encoder"]
    made = model(
        choose, "AcmeModel", "AcmePreTrainedModel", body, modules, [*getters, *more.split("\n")], keys
    )
    return "shared", [*stack, "", "", *made]


def _taking(choose: Choose) -> list[str]:
    """Return what a stack does with the embedding that it is given."""
    given = "if embed_tokens is not None:\n    self.embed_tokens.weight = embed_tokens.weight"
    return choose(
        "self.embed_tokens = embed_tokens",
        f"self.embed_tokens = {NEW}\n{given}",
        f"self.embed_tokens = embed_tokens or {NEW}",
        f"self.embed_tokens = {NEW} if embed_tokens is None else embed_tokens",
    ).split("\n")


def _layers(choose: Choose) -> list[str]:
    count, one = "config.num_hidden_layers", "layer = AcmeLayer(config)"
    append, more = "self.layers.append(AcmeLayer(config, index))", "layers += [AcmeLayer(config)]"
    return choose(
        f"self.layers = nn.ModuleList([AcmeLayer(config, index) for index in range({count})])",
        f"self.layers = nn.ModuleList([AcmeLayer(config) for _ in range({count})])",
        f"self.layers = nn.ModuleList([AcmeLayer(config)] * {count})",
        f"{one}\nself.layers = nn.ModuleList(layer for _ in range({count}))",
        f"{one}\nself.layers = nn.ModuleList(copy.deepcopy(layer) for _ in range({count}))",
        f"self.layers = nn.ModuleList()\nfor index in range({count}):\n    {append}",
        f"layers = []\nwhile len(layers) < {count}:\n    {more}\nself.layers = nn.ModuleList(layers)",
    ).split("\n")
