"""Record what real loads do: ``python -m tests.lab.loading.record --out FILE [--only REGEX]``.

Every class that ties when asked is made small, saved, and loaded from each folder that ``rows`` makes of it.
One line of JSON a class is appended to FILE at once; a second run with the same FILE goes on from there. Run
it with the Python of a virtual environment that holds the release.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.lab.truth.records import load

SECONDS = 120
"""How long one class may take."""


def main(arguments: list[str] | None = None) -> int:
    """Run the recorder; see the module docstring."""
    parser = argparse.ArgumentParser("tests.lab.loading.record", description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="", help="classes whose module.Class matches")
    parser.add_argument("--spelled", action="store_true", help="only classes whose checkpoints rename")
    parser.add_argument(
        "--truth", default="5.23.0", help="the recorded truth that lists the classes that tie"
    )
    options = parser.parse_args(arguments)
    known = set()
    if options.out.exists():
        for line in options.out.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            known.add((record["module"], record["class"]))
    wanted = [
        (truth.module, truth.class_name)
        for truth in load(options.truth)
        if truth.ties_if_tied and re.search(options.only, f"{truth.module}.{truth.class_name}")
    ]
    for record in _records([name for name in wanted if name not in known]):
        if options.spelled and not record.get("spelled"):
            continue
        with options.out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, separators=(",", ":")) + "\n")
        print(record["class"], record.get("error", ""), file=sys.stderr, flush=True)
    return 0


def _records(names: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """The records, from one process that is replaced when it takes too long or dies."""
    left = list(names)
    context = multiprocessing.get_context("spawn")
    while left:
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, left), daemon=True)
        process.start()
        theirs.close()
        while left:
            module, name = left[0]
            try:
                record = ours.recv() if ours.poll(SECONDS) else None
            except EOFError:
                record = None
            left = left[1:]
            yield record or {"module": module, "class": name, "error": "took too long, or died"}
            if record is None:
                break
        process.kill()
        process.join()


def _work(connection: Any, names: list[tuple[str, str]]) -> None:
    import torch

    from tests.lab.loading.observe import observe
    from tests.lab.truth.observe import quieten

    quieten()
    torch.set_num_threads(1)
    import logging

    logging.getLogger("transformers").setLevel(logging.WARNING)
    for module, name in names:
        try:
            record = observe(module, name) or {"error": "never tied"}
        except Exception as error:
            record = {"error": f"{type(error).__name__}: {error}"[:200]}
        connection.send({"module": module, "class": name, **record})


if __name__ == "__main__":
    sys.exit(main())
