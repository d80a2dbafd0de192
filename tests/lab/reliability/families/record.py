"""Record what the installed ``transformers`` does with the families.

    python -m tests.lab.reliability.families.record [--draw 2000 --seed 0] [--out FOLDER]

``--draw`` makes new families first, which takes hypothesis. Every class of each family is built three times
on the meta device, as ``tests.lab.truth.record`` builds those of the library.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import argparse
import importlib.util
import inspect
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
import transformers

from tests.lab.reliability.families import records
from tests.lab.reliability.families.choices import drawn
from tests.lab.truth.build import default_config
from tests.lab.truth.classes import ClassName
from tests.lab.truth.observe import observe_built, quieten, short
from tests.lab.truth.records import Truth

SECONDS = 20
"""How long a family may take."""


def main(arguments: list[str] | None = None) -> int:
    """Run the recorder; see the module docstring."""
    parser = argparse.ArgumentParser(
        "tests.lab.reliability.families.record", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--draw", type=int, help="make so many new families first")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=records.HERE)
    options = parser.parse_args(arguments)
    if options.draw:
        records.write_drawn(drawn(options.draw, options.seed))
    quieten()
    torch.set_num_threads(1)
    every = records.load_drawn()
    out = options.out / f"{transformers.__version__}.jsonl"
    with tempfile.TemporaryDirectory() as folder, out.open("w", encoding="utf-8") as file:
        for number, family in enumerate(every):
            file.write(records.line_of(_observed(family.text, Path(folder) / f"acme_{number}.py")))
            if number % 100 == 0:
                print(f"{number}/{len(every)}", file=sys.stderr, flush=True)
    return 0


def _observed(text: str, path: Path) -> list[Truth]:
    path.write_text(text, encoding="utf-8")
    try:
        module = _imported(path)
    except Exception:
        return []
    models = [cls for cls in vars(module).values() if _is_model(cls, module)]
    found = [_with_time(cls) for cls in models]
    del sys.modules[path.stem]
    return found


def _imported(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _is_model(cls: Any, module: Any) -> bool:
    """Whether it is a model of the family that holds something."""
    is_own = inspect.isclass(cls) and cls.__module__ == module.__name__
    return is_own and issubclass(cls, transformers.PreTrainedModel) and "__init__" in vars(cls)


def _with_time(cls: Any) -> Truth:
    def stop(*_: object) -> None:
        raise TimeoutError(f"not built within {SECONDS} s")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        return observe_built(ClassName("", cls.__name__), cls, default_config, shrunk=False)
    except RecursionError as error:
        return Truth("", cls.__name__, error=short(error))
    finally:
        signal.alarm(0)


if __name__ == "__main__":
    sys.exit(main())
