"""Check, explain and fix files one after another, and print what came of each as a line of JSON.

The kernel ends this process where one file takes more than :data:`CPU_SECONDS` or :data:`MEMORY` bytes: the
parent then knows which file it was.
"""

from __future__ import annotations

import ast
import json
import os
import resource
import signal
import sys
import time
import warnings
from pathlib import Path

from tie_lint.api import Configuration, check_paths, explain_paths
from tie_lint.errors import UsageError

CPU_SECONDS = 20
"""For each command: explaining, checking, fixing."""
MEMORY = 1_500_000_000
"""Bytes of address space; what is resident is measured."""


def outcome(path: Path, configuration: Configuration, fixing: bool) -> dict[str, object]:
    """Return what checking, explaining and, where asked, fixing a file twice came to.

    The same is not worked out twice: explaining begins with a check, so one that finds nothing needs no
    diff, and a diff that shows nothing needs no writing.
    """
    crashes: list[str] = []
    explained, found = 0, True
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    start = time.process_time()
    try:
        explanations = explain_paths([str(path)], configuration)
        each = list(explanations)
        explained, found = len(each), any(one.facts["findings"] for one in each)
        crashes += map(str, explanations.failures)
    except UsageError:
        """The file is no Python, which the check says."""
    result: dict[str, object] = {"findings": 0, "explained": explained, "crashes": crashes}
    result["python"] = _is_python(path.read_bytes())
    longest = time.process_time() - start
    if found or not explained:
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        start = time.process_time()
        report = check_paths([path], configuration, fixes="diff", unsafe_fixes=True)
        longest = max(longest, time.process_time() - start)
        crashes += map(str, report.failures)
        result["findings"] = len(report.findings) + len(report.fixed)
        if fixing and report.fixed:
            result |= _fixed_twice(path, configuration)
    return {**result, "cpu": round(longest, 3)}


def _fixed_twice(path: Path, configuration: Configuration) -> dict[str, object]:
    before = path.read_bytes()
    texts = [before]
    for _ in range(2):
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        check_paths([path], configuration, fixes="write", unsafe_fixes=True)
        texts.append(path.read_bytes())
    return {
        "fixed": texts[1] != before,
        "unparsable": _is_python(before) and not _is_python(texts[1]),
        "unstable": texts[2] != texts[1],
    }


def _is_python(data: bytes) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(data)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def _peak() -> int:
    """Return the most bytes that this program has held: ``ru_maxrss`` has those of the one that forked it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(status.partition("VmHWM:")[2].split(maxsplit=1)[0])


def main(release: str, fixing: bool) -> None:
    """Read paths from standard input, one a line."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    configuration = Configuration(isolated=True, transformers=release)
    for line in sys.stdin:
        path = Path(json.loads(line))
        try:
            found = outcome(path, configuration, fixing)
        except Exception as error:
            found = {"crashes": [f"{type(error).__name__}: {error}"]}
        print(json.dumps({"path": str(path), **found, "peak": _peak()}), flush=True)
    signal.setitimer(signal.ITIMER_PROF, 0)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] == "fix")
