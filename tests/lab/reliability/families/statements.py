"""Statements of an ``__init__``: what else is done with the modules that it has made."""

from __future__ import annotations

from collections.abc import Sequence

from tests.lab.reliability.families.choices import Choose

CONDITIONS = (
    *("config.tie_word_embeddings", 'getattr(config, "tie_word_embeddings", False)'),
    *("config.vocab_size > 50", 'hasattr(config, "text_config")', "config.num_hidden_layers % 2 == 0"),
    *("isinstance(self, GenerationMixin)", "self.config is config", 'getattr(config, "is_decoder", False)'),
    *(
        'hasattr(self, "extra")',
        "config.hidden_size == config.vocab_size",
        "type(self).__name__ == 'AcmeModel'",
    ),
)
SQUARE = "nn.Linear(config.hidden_size, config.hidden_size)"
WIDE = "nn.Linear(config.hidden_size, config.vocab_size, bias=False)"


def statements(choose: Choose, modules: Sequence[str], layers: str, depth: int = 2) -> list[str]:
    """Return up to three statements about the modules of these names, as lines without indentation."""
    lines: list[str] = []
    for _ in range((0, 0, 0, 1, 1, 2, 3)[choose.number(7)]):
        lines += statement(choose, modules, layers, depth)
    return lines


def statement(choose: Choose, modules: Sequence[str], layers: str, depth: int) -> list[str]:
    """Return one statement, which may hold others."""
    kind = (
        choose(*("simple",) * 5, *("if", "if else", "for", "try", "with", "while", "def"))
        if depth
        else "simple"
    )
    if kind == "simple":
        return [_simple(choose, modules, layers)]
    inner = _indented(statement(choose, modules, layers, depth - 1))
    match kind:
        case "if":
            return [f"if {condition(choose)}:", *inner]
        case "if else":
            return [
                f"if {condition(choose)}:",
                *inner,
                "else:",
                *_indented(statement(choose, modules, layers, depth - 1)),
            ]
        case "for":
            over = choose(
                "_ in range(2)", f"index, layer in enumerate({layers})", "name in ()", "part in [self]"
            )
            return [f"for {over}:", *inner]
        case "try":
            return [
                "try:",
                *inner,
                f"except {choose('AttributeError', 'Exception', '(KeyError, TypeError)')}:",
                "    pass",
            ]
        case "with":
            return ["with torch.no_grad():", *inner]
        case "while":
            return ["count = 0", "while count < 2:", "    count += 1", *inner]
        case _:
            return ["def more():", *inner, choose("more()", "pass", "self.apply(lambda module: more())")]


def condition(choose: Choose) -> str:
    """Return an expression to decide by."""
    one = choose(*CONDITIONS)
    return choose(
        one, one, one, f"not {one}", f"{one} and {choose(*CONDITIONS)}", f"{one} or {choose(*CONDITIONS)}"
    )


def _simple(choose: Choose, modules: Sequence[str], layers: str) -> str:
    one, two = choose(*modules), choose(*modules)
    return choose(
        f"{one}.weight = {two}.weight",
        f"{one} = {two}",
        f"self.extra = {SQUARE}",
        f"self.extra = {WIDE}",
        f"self.extra = {one}",
        f"self.extra = copy.deepcopy({one})",
        f'self.add_module("extra", {WIDE})',
        f'setattr(self, "extra_" + str({choose("0", f"len({layers})")}), {one})',
        'self.register_parameter("scale", nn.Parameter(torch.ones(config.hidden_size)))',
        f"self.first, self.second = {one}, {WIDE}",
        f"self.first = self.second = {SQUARE}",
        f"self.parts = nn.ModuleList([{one}, {SQUARE}])",
        f"self.parts = nn.ModuleDict({{'one': {one}}})",
        f"self.parts = nn.Sequential({SQUARE}, {one})",
        f"for layer in {layers}: layer.extra = {one}",
        f"{layers}[0] = {layers}[-1]",
        f"{one}.requires_grad_(False)",
        f"self.alias = {one}.weight",
        f"self.held = [{one}]",
        f"self.register_buffer('mask', {choose('torch.ones(2)', f'{one}.weight.data')})",
        'self.__dict__.pop("extra", None)',
        f"del {one}" if choose.number(8) == 7 else f"{one}.eval()",
        f"self.extra = {one} if {condition(choose)} else {SQUARE}",
        f"self.extra = {one} and {SQUARE}",
        f"self.extra = (made := {SQUARE})",
        f"[self.add_module(f'part_{{i}}', {one}) for i in range(2)]",
        f"config.tie_word_embeddings = {choose('True', 'False')}",
        f"self.config.tie_word_embeddings = {choose('True', 'False')}",
        f"{one}.weight.data = {two}.weight.data",
        f"self.extra = partial(nn.Linear, config.hidden_size)(config.{choose('hidden', 'vocab')}_size)",
        f"self.get_output_embeddings = lambda: {one}",
        "self.tie_weights()",
        "nn.init.normal_(self.scale)",
        f"{one}.bias = nn.Parameter(torch.zeros(config.vocab_size))",
        f"{one}.weight = nn.Parameter(torch.zeros(config.vocab_size, config.hidden_size))",
    )


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]
