"""Record what the installed ``transformers`` does with the model classes of others' packages.

    python -m tests.lab.packages.record --out FILE [--only REGEX] [--timeout 60]

Every package of ``packages.txt`` is downloaded and unpacked, not installed. A child process imports its
modules, with stubs for what is missing, and builds each class as the recorder of the library does. It is
replaced when a class takes too long. Finished packages are appended to FILE.part; a second run with the same
FILE goes on from there. Packages that are installed beside transformers are used: the header names those
that matter.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import argparse
import functools
import json
import re
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.lab.packages.candidates import candidates
from tests.lab.packages.records import Record
from tests.lab.packages.sources import Package, packages
from tests.lab.truth.classes import ClassName
from tests.lab.truth.record import header
from tests.lab.truth.records import Truth, decode, encode
from tests.lab.truth.worker import Worker, answer

NO_MODEL = "not a model class"
#: What a message says of the machine.
FOLDERS = re.compile(r"/[\w./-]+/")


def main(arguments: list[str] | None = None) -> int:
    """Run the recorder; see the module docstring."""
    parser = argparse.ArgumentParser("tests.lab.packages.record", description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="", help="packages whose requirement matches")
    parser.add_argument("--timeout", type=float, default=60, help="seconds for one class")
    options = parser.parse_args(arguments)

    part = options.out.with_suffix(".part")
    recorded = _read(part)
    for package in packages():
        if package.requirement not in recorded and re.search(options.only, package.requirement):
            recorded[package.requirement] = list(_record(package, options.timeout))
            with part.open("a", encoding="utf-8") as file:
                file.writelines(encode(record) + "\n" for record in recorded[package.requirement])
    records = [record for package in packages() for record in recorded.get(package.requirement, [])]
    lines = [json.dumps(vars(header(records, {}))), *map(encode, records)]
    options.out.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return 0


def _read(part: Path) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    if part.exists():
        for line in part.read_text(encoding="utf-8").splitlines():
            record = decode(line, Record)
            found.setdefault(record.package, []).append(record)
    return found


def _record(package: Package, timeout: float) -> Iterator[Record]:
    import transformers

    folder = package.folder()
    names = candidates(folder, Path(transformers.__file__).parent)
    with Worker(timeout, serve, str(folder)) as worker:
        for number, name in enumerate(names, 1):
            truth, seconds = worker.observe(name)
            progress = (
                f"{package.requirement} {number}/{len(names)} {seconds:6.1f}s {name.module}.{name.name}"
            )
            print(progress, truth.error or "", file=sys.stderr, flush=True)
            if truth.error != NO_MODEL:
                error = truth.error and FOLDERS.sub("…/", truth.error)
                yield Record(**{**vars(truth), "package": package.requirement, "error": error})


def serve(connection: Connection[Any, Any], folder: str) -> None:
    """What a child does for a package: record classes that are found below the folder."""
    from tests.lab.packages import stubs
    from tests.lab.truth.observe import quieten

    sys.path.insert(0, folder)
    sys.meta_path.append(stubs.StubFinder(Path(folder)))
    quieten()
    answer(connection, functools.partial(observe, Path(folder)))


def observe(folder: Path, name: ClassName, shrunk: bool) -> Truth:
    """Everything recorded of one class; what hangs on a stub is an error."""
    from tests.lab.packages import stubs
    from tests.lab.packages.configs import recipe
    from tests.lab.packages.importing import model_class
    from tests.lab.truth.observe import observe_built, short

    used = len(stubs.USES)
    try:
        cls = model_class(folder, name.module, name.name)
        if not _is_model(cls):
            return Truth(name.module, name.name, error=NO_MODEL)
        used = len(stubs.USES)
        made = recipe(cls)
        truth = observe_built(name, cls, made.make, shrunk)
    except (Exception, SystemExit) as error:  # a script may well leave when it is imported
        return Truth(name.module, name.name, error=_stubbed(used) or short(error))
    if _stubbed(used):
        return Truth(name.module, name.name, error=_stubbed(used))
    given = {**made.arguments, **made.attributes}
    return Record(**{**vars(truth), "config": made.name, "given": given})


def _stubbed(used: int) -> str | None:
    from tests.lab.packages import stubs

    return f"Stub: {stubs.USES[used]} is not installed" if len(stubs.USES) > used else None


def _is_model(cls: Any) -> bool:
    from transformers import PreTrainedModel

    return isinstance(cls, type) and issubclass(cls, PreTrainedModel)


if __name__ == "__main__":
    sys.exit(main())
