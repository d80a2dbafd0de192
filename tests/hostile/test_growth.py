"""Nothing grows faster than the file, and nothing depends on the hash seed."""

from __future__ import annotations

from pathlib import Path

from tests.hostile.bounded import MAPPING, answers, bounded
from tests.hostile.texts import EMBEDDING, HEAD, IMPORT, family

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
    told = [bounded(*how, cwd=tmp_path, env={"PYTHONHASHSEED": seed}).out for seed in "01234"]
    assert told[0] and told == [told[0]] * 5


def test_5000_model_classes_in_a_file(tmp_path: Path) -> None:
    text = IMPORT + "".join(f"class A{i}(PreTrainedModel): pass\n" for i in range(5_000))
    assert len(answers(tmp_path, text).classes) == 5_000


def test_20000_definitions_of_one_name(tmp_path: Path) -> None:
    text = family() + "".join(f"VALUE = {i}\n" for i in range(20_000)) + "def VALUE(): pass\n" * 20_000
    assert answers(tmp_path, text).classes["Head"]["output_embeddings"] == HEAD


def test_2000_definitions_of_one_class(tmp_path: Path) -> None:
    text = IMPORT + "class A(PreTrainedModel): pass\n" * 2_000
    assert "A" in answers(tmp_path, text).classes


def test_1000_methods_and_5000_layers(tmp_path: Path) -> None:
    methods = "".join(f"def m{i}(self): return {i}\n" for i in range(1_000))
    layers = "\n".join(f"self.l{i} = nn.Linear(1, 1)" for i in range(5_000))
    found = answers(tmp_path, family(body=methods, head=layers)).classes["Head"]
    assert (found["input_embeddings"], found["output_embeddings"]) == (EMBEDDING, HEAD)
