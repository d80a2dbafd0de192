"""Kinds of input that still break it. Who fixes a kind takes its mark away: ``strict`` makes that certain."""

from __future__ import annotations

import pytest

CHAINS = pytest.mark.xfail(strict=True, reason="long chains are nested where they are lowered")
ODD_CLASSES = pytest.mark.xfail(strict=True, reason="metaclasses, __new__ and unpacking raise")
CODECS = pytest.mark.xfail(strict=True, reason="a codec that raises ends the run")
PATHS = pytest.mark.xfail(strict=True, reason="paths that name no regular file are read or raise")
FIXES = pytest.mark.xfail(strict=True, reason="a fix writes what was not named, or loses what it should keep")
IMPORTS = pytest.mark.xfail(strict=True, reason="python -m imports from the current directory")
CONFIGURATION = pytest.mark.xfail(strict=True, reason="legal configuration of other tools raises")
STREAMS = pytest.mark.xfail(strict=True, reason="closed, full and narrow streams end in a traceback")
ESCAPES = pytest.mark.xfail(strict=True, reason="control characters are printed as they stand")
WORKERS = pytest.mark.xfail(strict=True, reason="workers outlive their parent")
FLAKE8 = pytest.mark.xfail(strict=True, reason="one file ends flake8 for all")
