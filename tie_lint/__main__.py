"""`python -m tie_lint` is the `tie-lint` command."""

import sys

if __name__ == "__main__" and not getattr(sys.flags, "safe_path", False):
    # `python -m` puts the current directory first: what lies there is what is checked, never what is run.
    del sys.path[0]

from tie_lint.cli import command

if __name__ == "__main__":
    raise SystemExit(command())
