"""Record what the installed ``transformers`` does with each mutant of its own files.

    python -m tests.mutants.record --release 4.51.3 --out FILE [--families bert,gpt2] [--jobs 2]

Every mutant is imported in a child process of its own, in place of the real module, and every class of the
file that the mutated class has a part in is compared with the unmutated one (``behaviour`` says in what).
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import argparse
import datetime
import inspect
import multiprocessing
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import PreTrainedModel

from tests.mutants.behaviour import Behaviour, behaviour, changes, involved
from tests.mutants.mutants import FAMILIES, RELEASES, Mutant, module_name, mutants, source_file
from tests.mutants.records import Header, Outcome, write
from tests.mutants.replaced import import_replaced
from tests.truth.observe import quieten, short

PACKAGE = Path(transformers.__file__).parent


@dataclass(frozen=True)
class Original:
    """An unmutated file: by class, its behaviour and the classes that have a part in it."""

    behaviour: dict[str, Behaviour]
    involved: dict[str, list[str]]
    not_built: list[str]


def main(arguments: list[str] | None = None) -> int:
    """Run the recorder; see the module docstring."""
    parser = argparse.ArgumentParser("tests.mutants.record", description=__doc__.partition("\n")[0])
    parser.add_argument("--release", required=True, choices=RELEASES)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--families", help="only these, separated by commas")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    if transformers.__version__ != options.release:
        parser.error(f"transformers {transformers.__version__} is installed")

    families = options.families.split(",") if options.families else FAMILIES
    quieten()
    torch.set_num_threads(1)
    todo = [mutant for family in families for mutant in mutants(PACKAGE, family)]
    outcomes = []
    with multiprocessing.get_context("fork").Pool(options.jobs, maxtasksperchild=1) as pool:
        originals = dict(zip(families, pool.imap(observe_original, families), strict=True))
        jobs = [(mutant, originals[mutant.family]) for mutant in todo]
        for outcome in pool.imap_unordered(observe_mutant, jobs):
            outcomes.append(outcome)
            print(f"{len(outcomes)}/{len(todo)}", outcome.mutant, *outcome.breaks, file=sys.stderr)
    not_measured = {
        family: original.not_built for family, original in originals.items() if original.not_built
    }
    today = datetime.date.today().isoformat()
    write(options.out, Header(options.release, torch.__version__, today, not_measured), outcomes)
    return 0


def observe_original(family: str) -> Original:
    """How the classes of a family's file behave as released."""
    original = Original({}, {}, [])
    for name, cls in _models(family, _released(family)).items():
        try:
            original.involved[name] = involved(cls)
        except Exception as error:
            original.not_built.append(f"{name}: {short(error)}")
            continue
        if original.involved[name]:
            original.behaviour[name] = behaviour(cls)
    return original


def observe_mutant(job: tuple[Mutant, Original]) -> Outcome:
    """In what the classes of a mutated file behave otherwise than as released."""
    mutant, original = job
    models = _models(mutant.family, mutant.text(_released(mutant.family)))
    breaks: dict[str, list[str]] = defaultdict(list)
    for name, before in original.behaviour.items():
        if mutant.class_name in original.involved[name]:
            for aspect in changes(before, behaviour(models[name])):
                breaks[aspect].append(name)
    return Outcome(mutant, dict(sorted(breaks.items())))


def _released(family: str) -> str:
    return source_file(PACKAGE, family).read_text(encoding="utf-8")


def _models(family: str, text: str) -> dict[str, Any]:
    """The model classes that a family's file defines, with the file's text replaced."""
    module = import_replaced(module_name(family), text)
    return {
        name: value
        for name, value in vars(module).items()
        if inspect.isclass(value)
        and value.__module__ == module.__name__
        and issubclass(value, PreTrainedModel)
    }


if __name__ == "__main__":
    sys.exit(main())
