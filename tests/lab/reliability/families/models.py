"""A model class put together, and the getters and setters of its ends."""

from __future__ import annotations

from tests.lab.reliability.families.choices import Choose
from tests.lab.reliability.families.statements import statements


def model(
    choose: Choose,
    name: str,
    bases: str,
    body: list[str],
    modules: list[str],
    methods: list[str],
    keys: str = "",
    layers: str = "self.layers",
) -> list[str]:
    """Return a model class with what its ``__init__`` does besides."""
    when = choose(*("last",) * 5, "never", "first", "twice")
    start = choose(
        "super().__init__(config)", "super().__init__(config)", f"super({name}, self).__init__(config)"
    )
    lines = [start]
    lines += ["self.post_init()"] if when in ("first", "twice") else []
    lines += body
    lines += statements(choose, modules, layers)
    lines += ["self.post_init()"] if when in ("last", "twice") else []
    return [
        f"class {name}({bases}):",
        *[f"    {line}" for line in keys.split("\n") if line],
        *([""] if keys else []),
        "    def __init__(self, config):",
        *[f"        {line}" for line in lines],
        "",
        *methods,
        "",
    ]


def accessors(choose: Choose, end: str, path: str) -> list[str]:
    """Return the getter and the setter of an end, right, wrong, or not there."""
    owner, _, attribute = path.rpartition(".")
    right = (
        *(f"return {path}",) * 4,
        f'return getattr({owner}, "{attribute}")',
        f"return {path} if hasattr({owner}, {attribute!r}) else None",
    )
    wrong = (
        "return None",
        "raise NotImplementedError",
        f"return {owner}",
        "return self.absent",
        f"return [{path}]",
    )
    body = choose("", "", *right, wrong[choose.number(len(wrong))])
    lines = [f"    def get_{end}_embeddings(self):", f"        {body}", ""] if body else []
    setter = choose("", "right", "right", "other")
    if setter:
        lines += [
            f"    def set_{end}_embeddings(self, value):",
            f"        {path if setter == 'right' else 'self.other'} = value",
            "",
        ]
    return lines
