"""`python -m tie_lint` is the `tie-lint` command."""

from tie_lint.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
