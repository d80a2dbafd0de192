"""What is cut out, and that nothing else changes."""

from __future__ import annotations

import pytest

from tests.mutants.operators import OPERATORS

RELEASED = '''\
class Acme(PreTrainedModel):
    """Ünïcode before what is cut."""

    base_model_prefix: str = "acme"  # a comment
    _tied_weights_keys = [
        "head.weight",
    ]

    def __init__(self, config):
        super().__init__(config)
        if config.late:
            self.post_init()
        self.post_init()

    @decorated
    def get_output_embeddings(self):
        return self.head

    def get_input_embeddings(self):
        return self.tokens


class Small(Acme):
    base_model_prefix = "small"
'''


@pytest.mark.parametrize(
    ("operator", "cut", "left"),
    [
        ("delete-prefix", '    base_model_prefix: str = "acme"  # a comment\n', ""),
        ("delete-tied-keys", '    _tied_weights_keys = [\n        "head.weight",\n    ]\n', ""),
        ("delete-input-getter", "    def get_input_embeddings(self):\n        return self.tokens\n", ""),
        (
            "delete-output-getter",
            "    @decorated\n    def get_output_embeddings(self):\n        return self.head\n",
            "",
        ),
        (
            "delete-post-init",
            "            self.post_init()\n        self.post_init()\n",
            "            pass\n",
        ),
    ],
)
def test_one_piece_is_cut(operator: str, cut: str, left: str) -> None:
    assert OPERATORS[operator].mutate(RELEASED, "Acme") == RELEASED.replace(cut, left)


def test_a_body_is_never_left_empty() -> None:
    mutated = OPERATORS["delete-own-prefix"].mutate(RELEASED, "Small")
    assert mutated == RELEASED.replace('    base_model_prefix = "small"', "    pass")


@pytest.mark.parametrize("operator", sorted(OPERATORS.keys() - {"delete-own-prefix"}))
def test_a_piece_that_is_not_there_cannot_be_cut(operator: str) -> None:
    assert OPERATORS[operator].mutate(RELEASED, "Small") is None
