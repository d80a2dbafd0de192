"""Check the recorder itself: what it reads off a meta model must be what a real model does.

    python -m tests.lab.truth.against_cpu [--only REGEX] [--parameters 40000000]

Each class is built twice with the same small config: as the recorder does, and plainly on the CPU with its
weights initialised, tied and then really saved to disk. A line is printed for every difference. This takes an
hour for a whole release, so it is run by hand when the recorder changes or meets a new release.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from tests.lab.truth.build import build_on_meta, default_config, force_tie, model_class, nested_configs
from tests.lab.truth.classes import enumerate_classes
from tests.lab.truth.observe import quieten, short, ties
from tests.lab.truth.records import Partition
from tests.lab.truth.saving import refusal_to_save, without_configs

#: Config fields cut down to these values where they are greater.
SMALL = {
    "num_hidden_layers": 2,
    "num_layers": 2,
    "n_layer": 2,
    "n_layers": 2,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "num_encoder_layers": 2,
    "num_decoder_layers": 2,
    "vocab_size": 1000,
    "num_experts": 4,
    "num_local_experts": 4,
    "n_routed_experts": 8,
    "intermediate_size": 256,
}
Outcome = tuple[Partition, str]


def main(arguments: list[str] | None = None) -> int:
    """Compare every class that becomes small enough; 1 when any differs."""
    parser = argparse.ArgumentParser("tests.lab.truth.against_cpu", description=__doc__.partition("\n")[0])
    parser.add_argument("--only", type=re.compile, default="", help="classes whose module.Class matches")
    parser.add_argument("--parameters", type=int, default=40_000_000, help="build nothing bigger than this")
    options = parser.parse_args(arguments)
    quieten()
    verdicts: Counter[str] = Counter()
    for name in enumerate_classes().classes:
        if re.search(options.only, f"{name.module}.{name.name}"):
            for tied in (None, True, False):
                verdict = compare(model_class(name.module, name.name), tied, options.parameters)
                verdicts[verdict.partition(":")[0]] += 1
                if verdict.startswith("differs"):
                    print(f"{name.module}.{name.name} tied={tied} {verdict}", flush=True)
    print(dict(verdicts))
    return 1 if verdicts["differs"] else 0


def compare(cls: Any, tied: bool | None, limit: int) -> str:
    """``same``, ``differs: how``, or why the two could not be compared."""
    try:
        model = build_on_meta(cls, small_config(cls, tied))
    except Exception:
        return "cannot be built small"
    size = sum(parameter.numel() for parameter in model.parameters())
    if size > limit:
        return "too big"
    if not size:
        return "no parameters"
    on_meta = outcome(model, refusal_to_save)
    try:
        model = cls(small_config(cls, tied))
    except Exception as error:
        return f"differs: not built on the CPU, {short(error)}"
    on_cpu = outcome(model, really_save)
    return "same" if on_meta == on_cpu else f"differs: {on_meta} on meta, {on_cpu} on the CPU"


def small_config(cls: Any, tied: bool | None) -> Any:
    """The default config, cut down; forced when ``tied`` says so."""
    config = default_config(cls)
    if tied is not None:
        force_tie(config, tied)
    for _, current in nested_configs(config):
        for field, small in SMALL.items():
            value = vars(current).get(field)
            if isinstance(value, int) and value > small:
                setattr(current, field, small)
    return config


def outcome(model: Any, save: Callable[[Any], Exception | None]) -> Outcome:
    """Its ties, and the kind of error saving ends in."""
    partition = ties(model)
    error = save(model)
    return partition, type(error).__name__ if error else "saved"


def really_save(model: Any) -> Exception | None:
    """Save the weights to disk as any user would."""
    with ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory())
        for patch in without_configs():
            stack.enter_context(patch)
        try:
            model.save_pretrained(directory)
        except Exception as error:
            return error
    return None


if __name__ == "__main__":
    sys.exit(main())
