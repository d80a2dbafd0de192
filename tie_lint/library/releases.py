"""The releases of transformers that a range is matched against."""

from pathlib import Path

LIST = Path(__file__).parent / "data" / "releases.txt"
"""Every release, but the withdrawn ones, from the oldest supported minor on, oldest first, one a line."""

KNOWN = tuple(LIST.read_text(encoding="utf-8").split())

NEWEST = KNOWN[-1]
NEWEST_OF_4 = [release for release in KNOWN if release.startswith("4.")][-1]
NEWEST_UNSUPPORTED = "4.39.3"
