"""The flake8 plugin. Importing it costs nothing; it stays asleep until a file can hold a model."""

from __future__ import annotations

import argparse
import ast
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from tie_lint import __version__
from tie_lint.pipeline.prefilter import may_hold_models

if TYPE_CHECKING:
    from tie_lint.finding import Finding
    from tie_lint.pipeline.failure import Failure
    from tie_lint.pipeline.one_file import OneByOne

Place = Literal["any", "init-base"]

ON_REQUEST = ("TIE901", "TIE902")
"""The rules that are off unless their whole code is selected."""


class TieChecker:
    """What flake8 makes for every file.

    Settings are those of the file, as for the command, and flake8's own options select and ignore among what
    is found then. ``# noqa`` is read here too, because flake8 does not see a comment on another line of a
    bracketed header.
    """

    name = "tie-lint"
    version = __version__

    # flake8 hands its options to the class, in every worker process anew.
    _transformers: ClassVar[str | None] = None
    _tied_weights_keys: ClassVar[Place | None] = None
    _noqa: ClassVar[bool] = True
    _cached: ClassVar[bool] = True
    _extend_select: ClassVar[tuple[str, ...]] = ()

    def __init__(self, tree: ast.AST, filename: str, lines: list[str]) -> None:
        self._path = Path(filename)
        self._text = "".join(lines)

    @staticmethod
    def add_options(manager: Any) -> None:
        """Register the options with flake8's ``OptionManager``."""
        manager.extend_default_ignore([*ON_REQUEST])
        manager.add_option(
            "--tie-transformers",
            metavar="RELEASE",
            parse_from_config=True,
            help="a release like 4.51.3 or a range like '>=4.45,<6' (default: what the project requires)",
        )
        manager.add_option(
            "--tie-tied-weights-keys",
            choices=("any", "init-base"),
            parse_from_config=True,
            help="where _tied_weights_keys counts as declared (default: any)",
        )
        manager.add_option(
            "--tie-no-cache",
            action="store_true",
            parse_from_config=True,
            help="check every file anew, whatever earlier runs found",
        )

    @classmethod
    def parse_options(cls, options: argparse.Namespace) -> None:
        """Take over what flake8's configuration and command line say."""
        cls._transformers = options.tie_transformers
        cls._tied_weights_keys = options.tie_tied_weights_keys
        cls._noqa, cls._cached = not options.disable_noqa, not options.tie_no_cache
        # An `ignore` of the user's takes the place of flake8's default one, so that alone would not do.
        selected = [*(options.select or ()), *(options.extend_select or ())]
        cls._extend_select = tuple(code for code in ON_REQUEST if code in selected)
        if cls._transformers is not None and (checker := cls._made()):
            with _usage_errors_for_flake8():
                checker.prepare(Path("model.py"))

    @classmethod
    def _made(cls) -> OneByOne | None:
        return _checker(cls._transformers, cls._tied_weights_keys, cls._cached, cls._extend_select)

    def run(self) -> Iterator[tuple[int, int, str, type[TieChecker]]]:
        """Yield every finding as line (from 1), column (from 0), text and this class.

        An internal error is reported on standard error: it ends neither flake8 nor what other files get.
        """
        if may_hold_models(self._text):
            for found in self._findings():
                yield found.line, found.column - 1, f"{found.code} {found.full_message}", type(self)

    def _findings(self) -> list[Finding]:
        from tie_lint.pipeline.document import TextDocument

        checker = self._made()
        if checker is None:
            return []
        with _usage_errors_for_flake8():
            report = checker.check(TextDocument(self._path, self._text), self._noqa)
        for failure in report.failures:
            _say(failure)
        return report.findings


@contextmanager
def _usage_errors_for_flake8() -> Iterator[None]:
    """Turn bad options and settings into what flake8 prints as one line."""
    from tie_lint.errors import UsageError

    try:
        yield
    except UsageError as error:
        from flake8.exceptions import ExecutionError

        raise ExecutionError(f"tie-lint: {error}") from error


def _say(failure: Failure) -> None:
    """Report an internal error on standard error, if there is one."""
    import sys
    from contextlib import suppress

    from tie_lint.output.escape import printable
    from tie_lint.pipeline.failure import message

    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write("".join(f"tie-lint: {printable(line)}\n" for line in message(failure)))


@functools.cache
def _checker(
    transformers: str | None, tied_weights_keys: Place | None, cached: bool, extend_select: tuple[str, ...]
) -> OneByOne | None:
    """Return the pipeline, once per process; None where an internal error kept it from being made.

    What flake8 has no option for comes from the settings of each file.
    """
    from tie_lint.api import Configuration, source_checker
    from tie_lint.pipeline.failure import Failure

    configuration = Configuration(
        extend_select=extend_select or None,
        transformers=transformers,
        tied_weights_keys=tied_weights_keys,
        origins={"transformers": "--tie-transformers"},
    )
    try:
        return source_checker(configuration, cache=cached, freezing=True)
    except Exception as error:
        _say(Failure.of(error))
        return None
