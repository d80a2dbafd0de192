"""What is said of an expression that holds in Python. What runs here is the test's own text."""

from __future__ import annotations

from tests.tiny_models import ERAS, mapped

MODEL = """
class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.Linear(4, 4)
        BODY
        self.q = self.p if (EXPRESSION) else nn.Linear(4, 4)

class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.e = nn.Embedding(10, 4)
        self.layer = Layer()
        self.post_init()

    def get_input_embeddings(self):
        return self.e
"""


def holds(body: str, expression: str, definitions: str = "") -> bool | None:
    """Whether the expression is found to hold after the body, or None where that is said to be unknown."""
    names: dict[str, object] = {}
    lines = body.replace("\n", "\n    ")
    exec(f"{definitions}\ndef work():\n    {lines}\n    return bool({expression})", names)
    assert names["work"]() is True  # type: ignore[operator]
    text = MODEL.replace("BODY", body.replace("\n", "\n        ")).replace("EXPRESSION", expression)
    found = mapped(definitions + text, "Model", ERAS[-1])
    assert found.raises is None
    return None if found.ties is None else bool(found.ties)
