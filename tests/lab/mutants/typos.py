"""A slip of the pen: two neighbouring letters change places."""

from __future__ import annotations


def misspelt(name: str) -> str:
    """The name with its last two neighbouring letters that differ swapped, or with its last one doubled."""
    for index in range(len(name) - 1, 0, -1):
        one, two = name[index - 1], name[index]
        if one != two and one.isalpha() and two.isalpha():
            return name[: index - 1] + two + one + name[index + 1 :]
    return name + name[-1]


def misspelt_path(path: str) -> str:
    """A dotted parameter name with a slip in the name of the module that holds the parameter."""
    parts = path.split(".")
    place = max(len(parts) - 2, 0)
    return ".".join([*parts[:place], misspelt(parts[place]), *parts[place + 1 :]])
