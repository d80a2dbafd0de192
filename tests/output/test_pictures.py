"""The pictures: what is drawn, and that text of others is nothing but text in them."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Write
from tests.examples import BAD, GOOD
from tie_lint.api import Configuration, UsageError, explain_paths
from tie_lint.output.formats import writer

HOSTILE = [
    "</script><script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    '"><svg onload=window.hit=1>',
    "javascript:window.hit=1",
    "{{constructor.constructor('window.hit=1')()}}",
    "\u2028window.hit=1//",
    "<!--<script>window.hit=1",
    "]]><script xmlns='http://www.w3.org/1999/xhtml'>window.hit=1</script>",
]
"""What would do something in a page that took it for more than text."""

MANY = (
    GOOD + "\n\n" + GOOD.partition("class ")[1] + GOOD.partition("class ")[2].replace("AcmeFor", "OtherFor")
)


HEADS = """
from torch import nn
from transformers import GemmaPreTrainedModel


class AcmeForCausalLM(GemmaPreTrainedModel):
    _tied_weights_keys = {"heads.0.weight": "inputs.0.weight", "heads.1.weight": "inputs.1.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.inputs = nn.ModuleList([nn.Embedding(config.vocab_size, 8) for _ in range(2)])
        self.heads = nn.ModuleList([nn.Linear(8, config.vocab_size, bias=False) for _ in range(2)])
        self.post_init()
"""


def drawn(path: str, name: str, transformers: str = "4.51.3") -> str:
    stream = io.StringIO()
    writer(name)(explain_paths([path], Configuration(transformers=transformers)), stream)
    return stream.getvalue()


def data_of(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert found is not None
    return json.loads(found[1])


def hostile(write: Write) -> Path:
    """A model whose names, strings and path are hostile, as far as Python and the file system let them."""
    keys = ", ".join(f"{text + str(number)!r}: {text!r}" for number, text in enumerate(HOSTILE))
    text = BAD.replace(
        "        self.post_init()\n",
        f"        self.add_module({HOSTILE[1]!r}, nn.Linear(2, 2))\n        self.post_init()\n",
    )
    body = f"    _tied_weights_keys = {{{keys}}}\n    base_model_prefix = {HOSTILE[0]!r}\n"
    text = re.sub(r"(class AcmeForCausalLM\(.*\):\n)", lambda found: found[1] + body, text)
    assert body in text
    return write("<img src=x onerror=window.hit=1>.py", text)


def test_a_page_is_one_file_that_asks_nothing_of_a_network(write: Write) -> None:
    write("good.py", GOOD)
    page = drawn("good.py", "html", "5.23.0")
    assert "default-src 'none'" in page
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", page.partition('id="data"')[0])
    assert (
        "<link" not in page and "@import" not in page and "fetch(" not in page and "innerHTML =" not in page
    )


def test_texts_and_blocks_are_in_a_page_once(write: Write) -> None:
    write("many.py", MANY)
    data = data_of(drawn("many.py", "html", ">=5"))
    assert len(data["texts"]) == len(set(data["texts"]))
    assert [len(model["targets"]) for model in data["classes"]] == [2, 2]
    assert len(data["blocks"]) == 2


@pytest.mark.parametrize("name", ["svg", "mermaid"])
def test_a_picture_of_one_class_is_of_one(name: str, write: Write) -> None:
    write("many.py", MANY)
    with pytest.raises(UsageError, match="draws one class; there are 2"):
        drawn("many.py", name)
    assert "OtherForCausalLM" in drawn("many.py::OtherForCausalLM", name)


def test_an_svg_has_an_arc_for_a_tie_and_a_dashed_one_for_one_that_is_not_made(write: Write) -> None:
    write("good.py", GOOD)
    write("bad.py", BAD)
    good, bad = drawn("good.py", "svg"), drawn("bad.py", "svg")
    assert "by the getters" in good and 'class="unmade"' not in good
    assert "wanted, not made" in bad and 'class="unmade"' in bad
    for text in (good, bad):
        assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"


def test_a_mermaid_diagram_has_an_edge_for_a_tie(write: Write) -> None:
    write("good.py", GOOD)
    write("bad.py", BAD)
    assert re.search(r'p0 ==>\|"by the getters"\| p1', drawn("good.py", "mermaid"))
    assert re.search(r'p0 -\.->\|"wanted, not made"\| p1', drawn("bad.py", "mermaid"))


def test_hostile_text_ends_no_element(write: Write) -> None:
    path = str(hostile(write))
    page = drawn(path, "html")
    assert page.count("<script") == page.count("</script>") == 2
    assert any(HOSTILE[0] in text for text in data_of(page)["texts"])
    assert ElementTree.fromstring(drawn(path, "svg")) is not None
    diagram = drawn(path, "mermaid").replace("<br/>", "")
    assert "<" not in diagram and "script>" not in diagram


def test_a_folded_list_is_written_into_a_label_as_it_is(write: Write) -> None:
    write("heads.py", HEADS)
    diagram = drawn("heads.py", "mermaid", "5.23.0")
    assert '"heads.{0..1}.weight<br/>' in diagram and "#123;" not in diagram
