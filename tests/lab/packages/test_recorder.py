"""Stubs, candidates and configs on code that is made for it. Needs torch and transformers for the configs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType

import pytest

from tests.lab.packages.candidates import candidates
from tests.lab.packages.stubs import USES, StubFinder, StubUsedError
from tests.lab.truth.classes import ClassName


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder that modules are imported from, with stubs for what is missing."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    finder = StubFinder(tmp_path)
    sys.meta_path.append(finder)
    yield tmp_path
    sys.meta_path.remove(finder)
    for name in set(sys.modules) - before:
        del sys.modules[name]


def load(folder: Path, text: str) -> ModuleType:
    (folder / "written.py").write_text(text, encoding="utf-8")
    invalidate_caches()
    return import_module("written")


def test_a_missing_module_has_every_attribute_and_submodule(package: Path) -> None:
    module = load(
        package, "import nowhere.at.all as n\nfrom nowhere import a\nclass B(n.Base, a): x = a.b[1](2)\n"
    )
    assert issubclass(module.B, module.a)


def test_a_stub_that_decorates_returns_the_class(package: Path) -> None:
    module = load(package, "from nowhere import register\n@register.of('x')\nclass A: pass\n")
    assert module.A.__name__ == "A" and module.A.__module__ == "written"


def test_each_use_is_noted(package: Path) -> None:
    module = load(package, "from nowhere import make\ndef build(): return make()\n")
    before = len(USES)
    module.build()
    assert USES[before:] == ["nowhere.make", "nowhere.make()"]


@pytest.mark.parametrize("asked", ["if nowhere.x: pass", "list(nowhere.x)", "nowhere.x > 1"])
def test_a_stub_does_not_answer_what_only_the_real_thing_could(package: Path, asked: str) -> None:
    with pytest.raises((StubUsedError, TypeError)):
        load(package, f"import nowhere\n{asked}\n")


@pytest.mark.parametrize(
    "guarded",
    [
        "try:\n    import nowhere\nexcept ImportError:\n    nowhere = None\n",
        "from importlib.util import find_spec\nnowhere = find_spec('nowhere')\n",
    ],
)
def test_a_guarded_import_is_left_to_fail(package: Path, guarded: str) -> None:
    assert load(package, guarded).nowhere is None


def test_an_import_from_elsewhere_is_left_to_fail(package: Path) -> None:
    with pytest.raises(ImportError):
        import_module("nowhere")


def test_candidates_derive_from_a_model_by_name(tmp_path: Path) -> None:
    library, folder = tmp_path / "transformers", tmp_path / "package"
    for path, text in {
        library / "modeling_a.py": "class PreTrainedModel(M): pass\nclass BertModel(PreTrainedModel): pass\n",
        folder / "__init__.py": "try:\n    class A(BertModel): pass\nexcept E:\n    pass\n",
        folder / "b.py": "class B(x.A): pass\nclass C(object): pass\nclass D: pass\n",
    }.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert candidates(tmp_path / "package", library) == [ClassName("", "A"), ClassName("b", "B")]
