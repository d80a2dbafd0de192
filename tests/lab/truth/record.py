"""Record what the installed ``transformers`` does with each of its model classes.

    python -m tests.lab.truth.record --out FILE [--only REGEX] [--jobs 2] [--timeout 180]

Every class is built three times on the meta device: with its config as it is, and with the tie flag forced
on and off (``build`` says how). Work is done in child processes that are killed when a class takes too long.
Finished classes are appended to FILE.part at once; a second run with the same FILE goes on from there.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import argparse
import datetime
import json
import platform
import re
import sys
import threading
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path
from queue import Empty, SimpleQueue

from tests.lab.truth.classes import ClassName, Enumeration, enumerate_classes
from tests.lab.truth.records import Header, Truth, decode, encode
from tests.lab.truth.worker import Worker

#: Optional packages that decide whether some classes can be built.
EXTRAS = (
    "accelerate",
    "chanfig",
    "danling",
    "einops",
    "kernels",
    "loguru",
    "natten",
    "omegaconf",
    "peft",
    "pillow",
    "scipy",
    "sentencepiece",
    "timm",
    "torchaudio",
    "torchvision",
    "triton",
)


def main(arguments: list[str] | None = None) -> int:
    """Run the recorder; see the module docstring."""
    parser = argparse.ArgumentParser("tests.lab.truth.record", description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", type=re.compile, default="", help="classes whose module.Class matches")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--timeout", type=float, default=180, help="seconds for one class, before it is shrunk"
    )
    options = parser.parse_args(arguments)

    enumeration = enumerate_classes()
    wanted = [c for c in enumeration.classes if re.search(options.only, f"{c.module}.{c.name}")]
    part = options.out.with_suffix(".part")
    recorded = _read(part)
    todo = [c for c in wanted if c not in recorded]
    print(f"{len(wanted)} classes, {len(wanted) - len(todo)} recorded before", file=sys.stderr)
    recorded |= _record(todo, part, options.jobs, options.timeout)
    _write(options.out, [recorded[c] for c in wanted], enumeration)
    part.unlink(missing_ok=True)
    return 0


def _read(part: Path) -> dict[ClassName, Truth]:
    if not part.exists():
        return {}
    truths = [decode(line, Truth) for line in part.read_text(encoding="utf-8").splitlines()]
    return {ClassName(truth.module, truth.class_name): truth for truth in truths}


def _record(todo: list[ClassName], part: Path, jobs: int, timeout: float) -> dict[ClassName, Truth]:
    """Record the classes with ``jobs`` workers, appending each to ``part`` as it comes."""
    queue: SimpleQueue[ClassName] = SimpleQueue()
    for name in todo:
        queue.put(name)
    recorded: dict[ClassName, Truth] = {}
    lock = threading.Lock()

    def drain() -> None:
        with Worker(timeout) as worker:
            while (name := _next(queue)) is not None:
                truth, seconds = worker.observe(name)
                with lock, part.open("a", encoding="utf-8") as file:
                    recorded[name] = truth
                    file.write(encode(truth) + "\n")
                    progress = f"{len(recorded)}/{len(todo)} {seconds:6.1f}s {name.module}.{name.name}"
                    print(progress, truth.error or "", truth.shrunk or "", file=sys.stderr)

    threads = [threading.Thread(target=drain) for _ in range(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return recorded


def _next(queue: SimpleQueue[ClassName]) -> ClassName | None:
    try:
        return queue.get_nowait()
    except Empty:
        return None


def _write(out: Path, truths: list[Truth], enumeration: Enumeration) -> None:
    lines = [json.dumps(vars(header(truths, enumeration.unimportable))), *map(encode, truths)]
    out.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def header(truths: Sequence[Truth], unimportable: dict[str, str]) -> Header:
    """What is to be said of a file with these classes, recorded here and now."""
    import torch
    import transformers

    built = sum(truth.built for truth in truths)
    return Header(
        transformers=transformers.__version__,
        torch=torch.__version__,
        python=platform.python_version(),
        date=datetime.date.today().isoformat(),
        extras=[f"{name} {version}" for name, version in _installed(EXTRAS)],
        built=built,
        not_built=len(truths) - built,
        unimportable=unimportable,
    )


def _installed(names: Iterable[str]) -> Iterable[tuple[str, str]]:
    for name in names:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            continue


if __name__ == "__main__":
    sys.exit(main())
