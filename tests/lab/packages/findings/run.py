"""Run what the findings in others' packages say, with the release of transformers that is installed.

    python -m tests.lab.packages.findings.run [--only REGEX]

Each class is built as the recorder of the packages builds it, and seen as the mutants are. A finding whose
every effect is seen counts as run; what was seen otherwise, or could not be, is printed for somebody to read.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest import mock

from tests.lab.packages.findings.effects import BUILT, Seen, held
from tests.lab.packages.findings.records import RUN, Found, load, write
from tests.lab.packages.sources import packages

#: Seconds for one class.
TIMEOUT = 150


def main(arguments: list[str] | None = None) -> int:
    """Run the recorder; 1 where a finding has not been seen to be true."""
    import transformers

    parser = argparse.ArgumentParser("tests.lab.packages.findings.run")
    parser.add_argument("--only", default="", help="packages whose requirement matches")
    options = parser.parse_args(arguments)
    release = transformers.__version__
    findings = load(release)
    for package in packages():
        open_ones = [one for one in findings if one.package == package.requirement and not one.how]
        if open_ones and re.search(options.only, package.requirement):
            seen = dict(_seen(package.folder(), sorted({(one.module, one.class_name) for one in open_ones})))
            findings = [_judged(one, seen) if one in open_ones else one for one in findings]
            write(release, findings)
    return 1 if any(not one.how for one in findings) else 0


def _judged(found: Found, seen: dict[tuple[str, str], Seen]) -> Found:
    what = seen.get((found.module, found.class_name), {})
    effects = list(_gone(found.message) or held(found.message, found.code, what))
    shown = "; ".join(text for text, _ in effects)
    if effects and all(answer for _, answer in effects):
        return replace(found, how=RUN, shown=shown[:200])
    error = what.get("error") or what.get("recipe") or ""
    print(f"{found.path}:{found.line} {found.code} {found.message}\n    {shown} {error}", flush=True)
    return found


def _gone(message: str) -> list[tuple[str, bool | None]]:
    """Whether the installed release lacks the name, or the module, that a file cannot be imported for; empty
    for any other finding."""
    said = re.search(r" has (?:(\w+) in )?([\w.]+), and this release does not: importing the file", message)
    if said is None:
        return []
    name, module = said.groups()
    try:
        found = importlib.import_module(module)
        lacks = name is not None and not hasattr(found, name)
    except ModuleNotFoundError:
        lacks = True
    what = f"{module} has {'no' if lacks else 'a'} {name}" if name else f"{'no' if lacks else 'a'} {module}"
    return [(what, lacks)]


def _seen(folder: Path, jobs: list[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], Seen]]:
    """What is seen of each class; a process that hangs or dies costs the class that it is at."""
    spawn = multiprocessing.get_context("spawn")
    while jobs:
        ours, theirs = spawn.Pipe()
        process = spawn.Process(target=serve, args=(theirs, str(folder), jobs), daemon=True)
        process.start()
        theirs.close()
        done = 0
        try:
            while done < len(jobs) and ours.poll(TIMEOUT):
                yield jobs[done], ours.recv()
                done += 1
        except EOFError:
            pass
        process.kill()
        process.join()
        jobs = jobs[done + 1 :]


def serve(connection: Connection[Any, Any], folder: str, jobs: list[tuple[str, str]]) -> None:
    """What a child does: see one class after the other."""
    from tests.lab.packages import stubs
    from tests.lab.truth.observe import quieten

    sys.path.insert(0, folder)
    sys.meta_path.append(stubs.StubFinder(Path(folder)))
    stubs.StubType.are_true = True
    quieten()
    for module, name in jobs:
        connection.send(see(Path(folder), module, name))


def see(folder: Path, module: str, name: str, earlier: Mapping[str, list[str]] | None = None) -> Seen:
    """The aspects of a class; why there are none where it cannot be imported or built.

    ``earlier`` are the aspects "names" of another text of the class, which then are loaded, too.
    """
    from tests.lab.mutants.behaviour import initialised
    from tests.lab.packages.configs import recipe
    from tests.lab.packages.findings.gone import imported
    from tests.lab.packages.importing import model_class
    from tests.lab.truth.observe import short

    seen: Seen = {}
    try:
        cls = imported(lambda: model_class(folder, module, name))
        _load_as_the_library(cls)
        seen[BUILT] = _built_by_default(cls)
        try:
            made = recipe(cls, initialised)
        except Exception as error:
            last = error.__cause__ or error
            return {**seen, "recipe": short(error), "given_error": short(last)}
        return {**seen, **_aspects(cls, made, earlier or {}), "given": {**made.arguments, **made.attributes}}
    except (Exception, SystemExit) as error:
        return {**seen, "error": short(error)}


def _load_as_the_library(cls: Any) -> None:
    """Have a class with a ``from_pretrained`` of its own be loaded as that does in the end."""
    from transformers import PreTrainedModel

    if any("from_pretrained" in vars(one) for one in cls.__mro__[: cls.__mro__.index(PreTrainedModel)]):
        cls.from_pretrained = vars(PreTrainedModel)["from_pretrained"]


def _built_by_default(cls: Any) -> str:
    """The error that building the class with the defaults of its config raises; "" for none."""
    from tests.lab.packages.configs import config_classes
    from tests.lab.truth.build import build_on_meta, complete
    from tests.lab.truth.observe import short

    try:
        config = next(config_classes(cls))()
        complete(config)
        build_on_meta(cls, config)
    except Exception as error:
        return short(error)
    return ""


def _aspects(cls: Any, made: Any, earlier: Mapping[str, list[str]]) -> Seen:
    from tests.lab.mutants import behaviour

    with mock.patch.object(behaviour, "default_config", lambda one: made.make()):
        return _all_aspects(cls, earlier)


def _all_aspects(cls: Any, earlier: Mapping[str, list[str]]) -> Seen:
    """The aspects of the mutants, and what is saved and loading does whatever the flag is."""
    from tests.lab.mutants import behaviour
    from tests.lab.mutants.loading import loaded
    from tests.lab.truth.observe import short

    try:
        backbone = behaviour.backbone_of(cls, True)
    except Exception:
        backbone = None
    found = behaviour.behaviour(cls, backbone, True)
    for flag, suffix in ((None, ""), (True, "-if-tied"), (False, "-if-untied")):
        if f"ties{suffix}" not in found:
            continue
        model = behaviour.built(cls, True, flag)
        names = found[f"names{suffix}"] = behaviour.written_names(model)[0]
        for aspect, these in (("load", names), ("load-earlier", earlier.get(f"names{suffix}"))):
            if these is not None and f"{aspect}{suffix}" not in found:
                try:
                    config = behaviour.flagged(cls, True, flag)
                    found[f"{aspect}{suffix}"] = loaded(cls, config, model, these)
                except Exception as error:
                    found[f"{aspect}{suffix}"] = short(error)
    return found


if __name__ == "__main__":
    sys.exit(main())
