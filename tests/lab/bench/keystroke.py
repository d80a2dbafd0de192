"""What a keystroke costs in the editor: ``python -m tests.lab.bench.keystroke [--source DIR] [--times N]``.

Types into transformers' own ``modeling_bert.py`` of 5.23.0: a comment at the end, and a statement in the
``__init__`` of a model in the middle. Each text is checked as the server checks it, in one process, and its
diagnostics are made; the median of all is compared with whole runs of ``check`` without cache. All is
processor time, which other processes have little part in.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.corpus import sources
from tie_lint.api import Configuration
from tie_lint.server.analysis import Analyzer
from tie_lint.server.diagnostics import diagnostics
from tie_lint.server.open_files import OpenFile

RELEASE = "5.23.0"
GOAL = 0.2
"""The part of a whole run that a keystroke may take, and the seconds."""
COLD_RUNS = 5
HERE = "        self.cls = BertOnlyMLMHead(config)\n"


def bert(source: Path) -> str:
    """The text of the library's file, with imports that work anywhere."""
    text = (source / "models" / "bert" / "modeling_bert.py").read_text(encoding="utf-8")
    text = text.replace("from ...", "from transformers.").replace("from transformers. ", "from transformers ")
    return text.replace("from .configuration_bert", "from transformers.models.bert.configuration_bert")


def at_the_end(text: str) -> Iterator[str]:
    """A comment, letter by letter."""
    while True:
        text += "#" if text.endswith("\n") else "x"
        yield text


def in_a_model(text: str) -> Iterator[str]:
    """A statement whose number grows."""
    number = 0
    while True:
        number += 1
        yield text.replace(HERE, f"{HERE}        self.size = {number}\n", 1)


def of_keystrokes(path: Path, text: str, typed: Callable[[str], Iterator[str]], times: int) -> list[float]:
    """Seconds of processor time by keystroke; the first check, which reads the library, does not count."""
    analyzer, uri = Analyzer(Configuration(transformers=RELEASE, isolated=True)), path.as_uri()
    taken = []
    for number, now in enumerate(typed(text)):
        start = time.process_time()
        found = diagnostics(analyzer.analyze(OpenFile(uri, path, {uri: now}, {uri: number}), {}))
        taken.append(time.process_time() - start)
        assert found == {uri: []}
        if number == times:
            return taken[1:]
    raise AssertionError("endless")


def of_a_cold_run(path: Path) -> float:
    """Seconds of processor time that a whole run takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    how = ("--transformers", RELEASE, "--isolated", "--no-cache", "--jobs", "1")
    subprocess.run([sys.executable, "-m", "tie_lint", str(path), *how], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(arguments: Sequence[str]) -> int:
    """The command; 1 where a keystroke takes more than the goal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--source", type=Path, help=f"the transformers package of {RELEASE}")
    parser.add_argument("--times", type=int, default=30)
    options = parser.parse_args(arguments)
    text = bert(options.source or sources(RELEASE) / "transformers")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "modeling_bert.py"
        path.write_text(text, encoding="utf-8")
        whole = statistics.median(of_a_cold_run(path) for _ in range(COLD_RUNS))
        print(f"a whole run: {whole:.3f} s (median of {COLD_RUNS})")
        slow = False
        for typed in (at_the_end, in_a_model):
            taken = of_keystrokes(path, text, typed, options.times)
            one = statistics.median(taken)
            slow = slow or one > GOAL * whole or one > GOAL
            name = typed.__name__.replace("_", " ")
            print(
                f"a keystroke {name}: {one:.3f} s (median of {len(taken)}), {one / whole:.2f} of a whole run"
            )
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
