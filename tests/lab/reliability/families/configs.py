"""The config of a family, flat or holding the text's, and the many places of ``tie_word_embeddings``."""

from __future__ import annotations

from tests.lab.reliability.families.choices import Choose

SIZES = "vocab_size=99, hidden_size=16, num_hidden_layers=2"


def config(choose: Choose, name: str, model_type: str) -> list[str]:
    """Return the class of a config with sizes."""
    parameter, before, passed, after, body = _flag(choose)
    mapped = choose("", "", '    attribute_map = {"n_embd": "hidden_size"}')
    sets = [f"        self.{field} = {field}" for field in ("vocab_size", "hidden_size", "num_hidden_layers")]
    call = f"        super().__init__({passed}**kwargs)"
    first = choose("", "first")
    return [
        f"class {name}(PretrainedConfig):",
        f'    model_type = "{model_type}"',
        *filter(None, [mapped, body]),
        "",
        f"    def __init__(self, {SIZES}{parameter}, **kwargs):",
        *([*before, call, *sets] if first else [*sets, *before, call]),
        *after,
        "",
        "",
    ]


def _flag(choose: Choose) -> tuple[str, list[str], str, list[str], str]:
    """Return a parameter, what is done before ``super().__init__``, what that is given, and after; and an
    attribute of the class."""
    value = choose("True", "True", "False")
    set_it = [f"        self.tie_word_embeddings = {value}"]
    match choose(
        "parameter",
        "parameter",
        "nothing",
        "literal",
        "default",
        "pop",
        "after",
        "before",
        "class",
        "swallowed",
    ):
        case "parameter":
            return f", tie_word_embeddings={value}", [], "tie_word_embeddings=tie_word_embeddings, ", [], ""
        case "literal":
            return "", [], f"tie_word_embeddings={value}, ", [], ""
        case "default":
            return "", [f'        kwargs.setdefault("tie_word_embeddings", {value})'], "", [], ""
        case "pop":
            popped = f'        tied = kwargs.pop("tie_word_embeddings", {value})'
            return "", [popped], "tie_word_embeddings=tied, ", [], ""
        case "after":
            return "", [], "", set_it, ""
        case "before":
            return "", set_it, "", [], ""
        case "class":
            return "", [], "", [], f"    tie_word_embeddings = {value}"
        case "swallowed":
            return f", tie_word_embeddings={value}", [], "", [], ""
        case _:
            return "", [], "", [], ""


def composite(choose: Choose) -> list[str]:
    """Return the class of a config that holds an ``AcmeTextConfig``."""
    parameter, before, passed, after, body = _flag(choose)
    declared = choose("", '    sub_configs = {"text_config": AcmeTextConfig}')
    given = choose("", "", "vocab_size=77", "tie_word_embeddings=True")
    return [
        "class AcmeConfig(PretrainedConfig):",
        '    model_type = "acme"',
        *filter(None, [declared, body]),
        "",
        f"    def __init__(self, text_config=None{parameter}, **kwargs):",
        "        if text_config is None:",
        f"            text_config = AcmeTextConfig({given})",
        "        elif isinstance(text_config, dict):",
        "            text_config = AcmeTextConfig(**text_config)",
        "        self.text_config = text_config",
        *choose("", "", "        self.hidden_size = text_config.hidden_size").splitlines(),
        *before,
        f"        super().__init__({passed}**kwargs)",
        *after,
        "",
        "",
    ]
