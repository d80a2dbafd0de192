"""The error of the person who runs the command."""


class UsageError(Exception):
    """Bad usage or bad configuration. The text is for the user and names the option or key; exit code 2."""
