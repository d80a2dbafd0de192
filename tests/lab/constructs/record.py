"""Record what the installed ``transformers`` builds of the models in ``models``.

python -m tests.lab.constructs.record
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.lab.constructs.records import MODELS, files, record_file
from tests.lab.truth.classes import ClassName
from tests.lab.truth.records import Truth, encode


def main() -> int:
    """Run the recorder."""
    import transformers

    from tests.lab.truth.observe import quieten

    quieten()
    sys.path.insert(0, str(MODELS))
    lines = [encode(truth) for path in files() for truth in _observed(path)]
    record_file(transformers.__version__).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return 0


def _observed(path: Path) -> Iterator[Truth]:
    from tests.lab.truth.build import default_config
    from tests.lab.truth.observe import observe_built, short

    try:
        module = importlib.import_module(path.stem)
    except TypeError:  # dataclasses with fields, whose base made them dataclasses before
        return
    for name, value in vars(module).items():
        if _is_model(value) and value.__module__ == path.stem and not value.skipped:
            try:
                yield observe_built(ClassName(path.stem, name), value, default_config, False)
            except Exception as error:
                yield Truth(path.stem, name, error=short(error))


def _is_model(value: Any) -> bool:
    from transformers import PreTrainedModel

    return isinstance(value, type) and issubclass(value, PreTrainedModel)


if __name__ == "__main__":
    sys.exit(main())
