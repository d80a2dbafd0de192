"""A registry that others fill."""

ZOO = {}


def register(f):
    ZOO[f.__name__.lower()] = f
    return f


def build(name, *a):
    return ZOO[name](*a)
