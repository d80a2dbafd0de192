"""Nothing grows faster than the file, and nothing depends on the hash seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.bounded import MAPPING, afresh, answers
from tests.hostile.counting import BETWEEN, growth
from tests.hostile.texts import EMBEDDING, HEAD, IMPORT, LAYER, class_chain, diamonds, family

OF_SETS = """
x = {'aa', 'bb', 'cc', 'dd', 'ee', 'ff', 'gg'}
setattr(self, x.pop(), self.embed_tokens)
for n in {'h1', 'h2', 'h3', 'h4', 'h5'}:
    setattr(self, n, nn.Linear(1, 1))
self.k = list({'p', 'q', 'r', 's'})[0]
setattr(self, self.k, self.embed_tokens)
"""


def test_the_order_of_a_set_does_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(family(backbone=OF_SETS), encoding="utf-8")
    how = ["explain", "m.py", "--isolated", "--transformers", MAPPING, "--output-format", "json"]
    told = [afresh(*how, cwd=tmp_path, env={"PYTHONHASHSEED": seed}).out for seed in "01234"]
    assert told[0] and told == [told[0]] * 5


GROWING: dict[str, Callable[[int], str]] = {
    "classes": lambda count: IMPORT + "".join(f"class A{i}(PreTrainedModel): pass\n" for i in range(count)),
    "definitions of one class": lambda count: IMPORT + "class A(PreTrainedModel): pass\n" * count,
    "definitions of one name": lambda count: (
        family() + "".join(f"VALUE = {i}\n" for i in range(count)) + "def VALUE(): pass\n" * count
    ),
    "methods and layers": lambda count: family(
        body="".join(f"def m{i}(self): return {i}\n" for i in range(count)),
        head="\n".join(f"self.l{i} = nn.Linear(1, 1)" for i in range(5 * count)),
    ),
    "names of one layer": lambda count: family(backbone=f"self.x = nn.Sequential(*[{LAYER}] * {count})"),
    "a chain of classes": lambda count: IMPORT + "".join(class_chain(count)),
    "a chain of classes, the last first": lambda count: IMPORT + "".join(reversed(class_chain(count))),
    "diamonds": diamonds,
}


@pytest.mark.parametrize("text_of", GROWING.values(), ids=GROWING)
def test_work_grows_as_its_input_does(tmp_path: Path, text_of: Callable[[int], str]) -> None:
    assert growth(tmp_path, text_of, 15, MAPPING) < BETWEEN


def test_300_model_classes_in_a_file(tmp_path: Path) -> None:
    assert len(answers(tmp_path, GROWING["classes"](300)).classes) == 300


def test_24000_fields_of_a_dataclass(tmp_path: Path) -> None:
    """Each was looked for among all, which took a minute."""
    fields = "".join(f"    x{i}: int = {i}\n" for i in range(24_000))
    text = f"import dataclasses\n\n@dataclasses.dataclass\nclass Fields:\n{fields}\n"
    made = "self.made = Fields(*range(24_000))"
    assert answers(tmp_path, text + family(head=made)).classes["Head"]["output_embeddings"] == HEAD


def test_20000_definitions_of_one_name(tmp_path: Path) -> None:
    found = answers(tmp_path, GROWING["definitions of one name"](20_000))
    assert found.classes["Head"]["output_embeddings"] == HEAD


def test_200_methods_and_1000_layers(tmp_path: Path) -> None:
    found = answers(tmp_path, GROWING["methods and layers"](200)).classes["Head"]
    assert (found["input_embeddings"], found["output_embeddings"]) == (EMBEDDING, HEAD)
