"""What the files of setuptools require: ``setup.cfg``, and the literals in ``setup.py``."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from tie_lint.requirements import pip_files
from tie_lint.requirements.source import SourceFile, Stated
from tie_lint.requirements.specifier import Requirement, requirement, requirements, together


def stated_in_cfg(source: SourceFile) -> Iterator[Stated]:
    """Yield what each section of a ``setup.cfg`` requires."""
    import configparser

    text = source.text("file:")
    if text is None:
        return
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error as error:
        source.not_read(f"{source.path}: {str(error).partition(chr(10))[0]}")
        return
    sections = {"options": [parser.get("options", "install_requires", fallback="")]}
    if parser.has_section("options.extras_require"):
        sections["options.extras_require"] = [text for _, text in parser.items("options.extras_require")]
    for section, texts in sections.items():
        if specifier := together([one for text in texts for one in _required(source, text)]):
            yield Stated(specifier, source.path, f"[{section}]")


def _required(source: SourceFile, text: str) -> list[Requirement]:
    """What an option requires: its lines, or those of the files that it names."""
    if text.strip().startswith("file:"):
        names = text.partition(":")[2].split(",")
        return [one for name in names for one in pip_files.required(source.beside(name.strip()))]
    return requirements(text.splitlines())


def stated_in_setup(source: SourceFile) -> Iterator[Stated]:
    """Yield what the strings in the lists of a ``setup.py`` require; it is read, not run."""
    text = source.text()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of its escapes
            tree = ast.parse("" if text is None else text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        source.not_read(f"{source.path}: {str(error) or 'not Python'}")
        return
    if specifier := together(_in_lists(tree)):
        yield Stated(specifier, source.path)


def _in_lists(tree: ast.AST) -> Iterator[Requirement]:
    for node in ast.walk(tree):
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            for item in node.elts:
                if isinstance(item, ast.Constant) and isinstance(item.value, str):
                    found = requirement(item.value)
                    if found is not None:
                        yield found
