"""The library's own modules and classes, from installed source and from the bundled data."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.corpus import sources
from tests.lab.truth.records import load
from tie_lint.library.bundled import BUNDLE, BundledLibrary, bundled_releases
from tie_lint.library.exports import Exports
from tie_lint.library.index import Library, library, nearest
from tie_lint.library.installed import InstalledLibrary, installed_tree
from tie_lint.library.tree import PACKAGE, SourceTree
from tie_lint.python.facts import ModuleFacts
from tie_lint.python.nodes import Name
from tie_lint.python.statements import NOWHERE, OpaqueStmt

RECORDED = ["4.51.3", "5.23.0"]
LLAMA = "transformers.models.llama.modeling_llama"


def bundled(release: str) -> Library:
    return BundledLibrary(release, release)


def installed(release: str) -> Library:
    return InstalledLibrary(release, SourceTree(sources(release) / PACKAGE))


def facts(library: Library, dotted: str) -> ModuleFacts:
    found = library.module(dotted)
    assert found is not None
    return found


both = pytest.mark.parametrize("of", [bundled, installed])
recorded = pytest.mark.parametrize("release", RECORDED)


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("4.40.2", "4.51.3"),
        ("4.51.3", "4.51.3"),
        ("4.53.3", "4.51.3"),
        ("4.54.0", "4.57.6"),
        ("4.57.1", "4.57.6"),
        ("5.0.0", "5.23.0"),
        ("5.23.0", "5.23.0"),
        ("6.1.0", "5.24.0"),
    ],
)
def test_the_nearest_release_speaks_for_others(release: str, expected: str) -> None:
    found = library(release, installed=False)
    assert (found.release, found.facts_release) == (release, expected)


def test_among_equals_the_nearest_at_or_below() -> None:
    assert nearest("5.15.0", ["5.10.1", "5.12.0", "5.20.0"]) == "5.12.0"
    assert nearest("5.15.0", ["5.16.0", "5.20.0"]) == "5.16.0"


def test_what_is_bundled() -> None:
    assert bundled_releases() == ["4.51.3", "4.57.6", "5.23.0", "5.24.0"]
    assert BUNDLE.stat().st_size < 3_000_000


def test_an_installed_copy_is_read_when_it_is_that_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "transformers"
    package.mkdir()
    (package / "__init__.py").write_text('__version__ = "4.51.3"\nraise ImportError("never imported")\n')
    (package / "extra.py").write_text("class Extra: ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    installed_tree.cache_clear()
    library.cache_clear()
    try:
        assert facts(library("4.51.3"), "transformers.extra").class_keys() == ["Extra"]
        assert library("4.51.3", installed=False).module("transformers.extra") is None
        assert library("4.57.6").module("transformers.extra") is None
    finally:
        installed_tree.cache_clear()
        library.cache_clear()


@both
@recorded
def test_every_model_class_is_found_where_it_is_defined(release: str, of: Callable[[str], Library]) -> None:
    known, exported = of(release), 0
    for truth in load(release):
        home = known.exported_from(PACKAGE, truth.class_name)
        assert home in (None, truth.module), truth.class_name
        if home is not None:
            exported += 1
            family = home.rpartition(".")[0]
            if family != PACKAGE:
                assert known.exported_from(family, truth.class_name) == home
    assert exported > 1200


@pytest.mark.parametrize("release", [*RECORDED, "4.57.6"])
def test_the_bundle_exports_what_the_source_exports(release: str) -> None:
    found = Exports(SourceTree(sources(release) / PACKAGE)).table(PACKAGE)
    assert len(found) > 3000
    known = bundled(release)
    assert {name: known.exported_from(PACKAGE, name) for name in found} == found


@both
def test_names_that_are_no_classes_of_the_top(of: Callable[[str], Library]) -> None:
    known = of("4.51.3")
    assert known.exported_from(PACKAGE, "NoSuchModel") is None
    assert known.exported_from(PACKAGE, "models") is None
    assert known.exported_from("transformers.models.bert", "LlamaModel") is None
    assert known.exported_from("transformers.models.bert", "modeling_bert") is None
    assert known.exported_from("transformers.no_such_package", "BertModel") is None
    assert (
        known.exported_from("transformers.utils", "is_torch_available") == "transformers.utils.import_utils"
    )


@both
def test_names_imported_on_behalf_of_others_lead_to_their_definition(of: Callable[[str], Library]) -> None:
    assert (
        of("4.51.3").exported_from(PACKAGE, "BlipTextModel") == "transformers.models.blip.modeling_blip_text"
    )
    assert of("4.51.3").exported_from(PACKAGE, "PretrainedConfig") == "transformers.configuration_utils"
    assert of("5.23.0").exported_from(PACKAGE, "PretrainedConfig") == "transformers.configuration_utils"


@both
@recorded
def test_packages_and_modules(release: str, of: Callable[[str], Library]) -> None:
    known = of(release)
    assert known.is_package("transformers")
    assert known.is_package("transformers.models.llama")
    assert not known.is_package(LLAMA)
    assert known.module("transformers.models.no_such_model") is None
    assert known.module("torch") is None
    assert known.module(LLAMA) is known.module(LLAMA)


@both
@recorded
def test_a_lazy_package_binds_what_it_exports(release: str, of: Callable[[str], Library]) -> None:
    for package in ("transformers", "transformers.models.llama"):
        module = facts(of(release), package)
        assert "LlamaModel" in module.names()
        assert [binding.as_json() for binding in module.bindings("LlamaModel")] == [
            ["import", [LLAMA, 0, "LlamaModel"], []]
        ]
        assert module.bindings("NoSuchModel") == []


def test_a_module_of_which_nothing_is_kept_may_bind_anything() -> None:
    module = facts(bundled("4.51.3"), "transformers.trainer")
    assert module.bindings("Trainer")[0].detail == OpaqueStmt(NOWHERE, "left out")


def test_facts_of_a_bundled_class() -> None:
    model = facts(bundled("5.23.0"), LLAMA).class_facts("LlamaForCausalLM")
    assert model.bases == [Name("LlamaPreTrainedModel"), Name("GenerationMixin")]
    assert model.at == []
    assert list(model.pending) == ["__init__"]
    assert model.skipped == {"forward"}
    assert model.method("forward") is None
    assert model.has_method("forward")


def test_one_family_is_read_without_the_rest() -> None:
    """What a person who asks about one model waits for: no more than a few documents."""
    program = (
        "import sys; from tie_lint.library.index import library\n"
        f"library('4.51.3', installed=False).module('{LLAMA}').class_facts('LlamaForCausalLM')\n"
        "print(sorted({'transformers', 'torch'} & sys.modules.keys()))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
