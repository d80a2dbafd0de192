"""The bundle: what it keeps is what the source has, and the same source gives the same bytes."""

from __future__ import annotations

import json
import shutil
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import sources
from tie_lint.library import __main__ as command
from tie_lint.library import bundle, guard
from tie_lint.library.archive import Archive, ArchiveError, Phrases, Tables, pack, to_text
from tie_lint.library.bundled import BundledLibrary
from tie_lint.library.compaction import tabulate
from tie_lint.library.installed import InstalledLibrary
from tie_lint.library.strip_positions import strip, strip_class
from tie_lint.library.tree import PACKAGE, SourceTree
from tie_lint.python.facts import ModuleFacts
from tie_lint.python.source import SourceModule

MODULES = [
    "modeling_utils",
    "configuration_utils",
    "models.albert.modeling_albert",
    "models.auto.modeling_auto",
    "models.bart.modeling_bart",
    "models.gpt2.modeling_gpt2",
    "models.llama.configuration_llama",
    "models.llama.modeling_llama",
    "models.t5.modeling_t5",
    "models.whisper.modeling_whisper",
]
MINIATURE = {
    "__init__.py": '__version__ = "9.9.9"\n',
    "modeling_utils.py": """\
import logging

from .helpers import needed
from .other import Left, unneeded

logger = logging.getLogger(__name__)


@auto_docstring(custom_intro="Words.")
class PreTrainedModel:
    def __init__(self, config):
        logger.warning("hello")
        self.config = needed(config)
        self.helper()
        if config is None:
            raise ValueError(f"no {config}")

    def helper(self):
        return SIZE

    def forward(self, x):
        return unneeded(x)

    def other(self):
        return None


SIZE = 3
WORDS = "documentation"
""",
    "helpers.py": "def needed(x):\n    return deeper(x)\ndef deeper(x):\n    return x\nidle = 1\n",
    "other.py": "class Left:\n    pass\ndef unneeded(x):\n    return x\n",
}


def placeless(facts: Any) -> Any:
    """Facts as JSON would bring them back. The bundle has generator expressions as lists."""
    return json.loads(json.dumps(facts.as_json()).replace('["comp", "generator"', '["comp", "list"'))


@pytest.mark.parametrize("release", ["4.51.3", "5.23.0"])
@pytest.mark.parametrize("name", MODULES)
def test_what_is_kept_is_what_the_source_has(release: str, name: str) -> None:
    kept = BundledLibrary(release, release).module(f"{PACKAGE}.{name}")
    source = InstalledLibrary(release, SourceTree(sources(release) / PACKAGE)).module(f"{PACKAGE}.{name}")
    assert kept is not None
    assert isinstance(source, SourceModule)
    assert kept.class_keys()
    for key in kept.class_keys():
        same_class(kept, source, key)
    for binding_name in kept.names():
        for binding in kept.bindings(binding_name):
            function = kept.function_facts(binding.detail) if binding.kind == "def" else None
            if function is not None:
                original = source.function_facts(binding.detail)
                assert original is not None
                assert placeless(function) == placeless(strip(original))


def same_class(kept: ModuleFacts, source: ModuleFacts, key: str) -> None:
    found, original = kept.class_facts(key), source.class_facts(key)
    assert sorted(found.method_names()) == sorted(original.method_names())
    for name in found.pending:
        method, whole = found.method(name), original.method(name)
        assert method is not None
        assert whole is not None
        assert placeless(method) == placeless(strip(whole))
    found.skipped = frozenset(found.method_names())
    found.methods, found.pending = {}, {}
    assert placeless(found) == placeless(strip_class(original))


@pytest.fixture
def miniature(tmp_path: Path) -> Path:
    """A library in small, as a directory."""
    folder = tmp_path / PACKAGE
    folder.mkdir()
    for name, text in MINIATURE.items():
        (folder / name).write_text(text)
    return tmp_path


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command writes."""
    path = tmp_path / "data" / "test.facts"
    path.parent.mkdir()
    monkeypatch.setattr(bundle, "BUNDLE", path)
    monkeypatch.setattr(guard, "RECORDS", path.with_name("guard.json"))
    monkeypatch.setattr(command, "LIST", path.with_name("releases.txt"))
    path.with_name("releases.txt").write_text("9.9.8\n10.0.0\n")
    return path


def rebuild(*sources: Path) -> int:
    return command.main(["rebuild", *map(str, sources)])


def documents(path: Path) -> dict[str, Any]:
    archive = Archive(path.read_bytes())
    directory = archive.read(archive.head["9.9.9"])
    return {dotted: archive.read(number) for dotted, number in directory["modules"].items()}


def test_the_closure_keeps_what_construction_reaches(miniature: Path, target: Path) -> None:
    assert rebuild(miniature) == 0
    kept = documents(target)
    assert list(kept["transformers.helpers"]["functions"]) == ["deeper", "needed"]
    model = kept["transformers.modeling_utils"]
    (facts,) = model["classes"].values()
    assert facts[6] == ["__init__", "helper"]
    assert facts[-1] == ["forward", "other"]
    assert "transformers.other" not in kept
    assert model["bindings"]["SIZE"] == [["value", ["assign", [], [["name", "SIZE"]], ["const", 3]], []]]
    assert model["bindings"]["WORDS"] == [["value", ["opaque", [], "left out"], []]]


def test_log_lines_and_documentation_are_left_out(miniature: Path, target: Path) -> None:
    rebuild(miniature)
    text = to_text(documents(target)["transformers.modeling_utils"]["classes"])
    assert "hello" not in text
    assert "auto_docstring" not in text


def test_a_wheel_gives_the_bytes_that_its_directory_gives(miniature: Path, target: Path) -> None:
    with zipfile.ZipFile(miniature / "transformers-9.9.9-py3-none-any.whl", "w") as wheel:
        for name in MINIATURE:
            wheel.write(miniature / PACKAGE / name, f"{PACKAGE}/{name}")
    rebuild(miniature)
    first = target.read_bytes()
    assert rebuild(miniature / "transformers-9.9.9-py3-none-any.whl") == 0
    assert target.read_bytes() == first


def test_bad_arguments(tmp_path: Path, target: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        command.main(["rebuild"])
    assert "WHEEL" in capsys.readouterr().err
    assert rebuild(tmp_path) == 2
    assert "no transformers" in capsys.readouterr().err
    assert not target.exists()


def test_a_release_added_gives_the_bytes_of_both_built_anew(
    miniature: Path, target: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other" / PACKAGE
    shutil.copytree(miniature / PACKAGE, other)
    (other / "__init__.py").write_text('__version__ = "9.9.10"\n')
    (other / "helpers.py").write_text("def needed(x):\n    return x\n")
    rebuild(miniature, other)
    both = target.read_bytes()
    rebuild(miniature)
    assert command.main(["add", "--reviewed", str(other)]) == 0
    assert target.read_bytes() == both
    assert bundle.unpack(both).keys() == {"9.9.9", "9.9.10"}
    assert target.with_name("releases.txt").read_text().split() == ["9.9.8", "9.9.10", "10.0.0"]
    assert list(guard.measured()) == ["9.9.10"]


def test_a_release_whose_contract_changed_is_not_added_unread(
    miniature: Path, target: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command.main(["add", "--reviewed", str(miniature)])
    before = target.read_bytes()
    source = miniature / PACKAGE / "modeling_utils.py"
    source.write_text(source.read_text().replace("self.config = needed(config)", "self.config = config"))
    (miniature / PACKAGE / "__init__.py").write_text('__version__ = "9.10.0"\n')
    assert command.main(["check", str(miniature)]) == 1
    assert command.main(["add", str(miniature)]) == 1
    assert "changed modeling_utils.PreTrainedModel.__init__" in capsys.readouterr().out
    assert target.read_bytes() == before
    source.write_text(source.read_text().replace("self.config = config", "self.config = needed(config)"))
    assert command.main(["add", str(miniature)]) == 0
    assert bundle.unpack(target.read_bytes()).keys() == {"9.9.9", "9.10.0"}


def test_documents_survive_the_archive() -> None:
    written = [{"number": number, "text": ["naïve \x01 \x7f", "same " * 40]} for number in range(30)]
    archive = Archive(pack([to_text(document) for document in written], {"a": 1}, tabulate(written)))
    assert archive.head == {"a": 1}
    assert [archive.read(number) for number in range(len(archive))] == written


def test_a_document_that_others_resemble_is_inflated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["[1]", "[2]", "[3]", "[4]"]
    archive = Archive(pack(texts, None, Tables(Phrases([]), b"", [None, 0, 1, 1])))
    inflated: list[bytes] = []
    inflate = zlib.decompressobj

    def counted(bits: int, zdict: bytes) -> Any:
        inflated.append(zdict)
        return inflate(bits, zdict=zdict)

    monkeypatch.setattr(zlib, "decompressobj", counted)
    assert [archive.read(number) for number in (3, 2, 1, 0)] == [[4], [3], [2], [1]]
    assert len(inflated) == len(texts)


def test_other_files_are_refused() -> None:
    whole = pack(["[]"], None, Tables(Phrases([]), b"", [None]))
    with pytest.raises(ArchiveError, match="expected"):
        Archive(b"something else")
    with pytest.raises(ArchiveError, match="damaged"):
        Archive(whole[:30])
