"""Branches that nobody can decide, exceptions and operators."""

import os, functools
import torch
from torch import nn
from common import Base as _Base, Config as C
import choices_lib as L
import choices_lib
from choices_lib import HOLDER


class B(_Base):
    skipped = True


WHO_KNOWS = os.getpid() > 1


class TiedInALazyPart(B):
    """Module attr class that ties inside."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.part = Outer()
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = L.Tied()
        self.b = nn.ModuleList([choices_lib.Tied() for _ in range(2)])


class Outer2(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = HOLDER.make()
        self.b = L.shared(3)
        self.c = L.shared(3)


class SharedInALazyPart(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.part = Outer2()
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class PickedInAnExpression(B):
    """A call that hands out what is there, under an unknown condition."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.a = nn.Linear(2, 2)
        self.b = self.pick() if WHO_KNOWS else nn.Linear(2, 2)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def pick(self):
        return self.a


class PickedInAStatement(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.a = nn.Linear(2, 2)
        if WHO_KNOWS:
            self.b = self.pick()
        self.c = WHO_KNOWS and self.pick()
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def pick(self):
        return self.a


class CachedInALazyPart(B):
    """Lazy part with cached property."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.p = Part5()
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class Part5(nn.Module):
    def __init__(self):
        super().__init__()
        self.x = self.lin
        self.y = self.lin

    @functools.cached_property
    def lin(self):
        return nn.Linear(2, 2)


class Err(ValueError):
    pass


class Err2(Err):
    pass


class OwnExceptions(B):
    """Exceptions of one's own."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        try:
            raise Err2("x")
        except ValueError:
            self.x = nn.Linear(2, 2)
        try:
            self._r()
        except (KeyError, Err) as e:
            self.y = nn.Linear(2, 2)
        try:
            try:
                raise KeyError("a")
            except KeyError as e:
                raise Err("b") from e
        except Err:
            self.z = nn.Linear(2, 2)
        try:
            {}["a"]
        except LookupError:
            pass
        else:
            self.w = self.emb
        try:
            err = Err("q")
            raise err
        except Err:
            self.v = nn.Linear(2, 2)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def _r(self):
        raise Err2


class Truthy:
    def __len__(self):
        return 0


class Falsy:
    def __bool__(self):
        return False


class Eq:
    def __init__(self, n):
        self.n = n

    def __eq__(self, o):
        return self.n == o.n

    def __hash__(self):
        return hash(self.n)

    def __add__(self, o):
        return Eq(self.n + o.n)

    def __lt__(self, o):
        return self.n < o.n

    def __contains__(self, x):
        return x == self.n

    def __getitem__(self, i):
        return self.n * i

    def __call__(self, x):
        return self.n + x

    def __int__(self):
        return self.n

    def __index__(self):
        return self.n


class OwnOperators(B):
    """Operators of one's own."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.a = nn.Linear(2, 2) if not Truthy() else self.emb
        self.b = nn.Linear(2, 2) if not Falsy() else self.emb
        self.c = nn.Linear(2, 2) if Eq(1) == Eq(1) else self.emb
        self.d = nn.Linear(2, 2) if Eq(1) + Eq(2) == Eq(3) else self.emb
        self.e = nn.Linear(2, 2) if Eq(1) < Eq(2) else self.emb
        self.f = nn.Linear(2, 2) if 3 in Eq(3) else self.emb
        self.g = nn.Linear(Eq(2)[1], Eq(1)(3))
        self.h = nn.Linear(2, 2) if Eq(1) != Eq(2) else self.emb
        self.i = nn.Linear(2, 2) if Eq(1) in [Eq(2), Eq(1)] else self.emb
        self.j = nn.Linear(2, 2) if {Eq(1): 2}.get(Eq(1)) == 2 else self.emb
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class AdvancedIterator(B):
    """Iterators consumed under unknown conditions."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        it = iter([nn.Linear(2, 2), self.emb])
        if WHO_KNOWS:
            next(it)
        self.x = next(it)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class AdvancedGenerator(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        it = self._g()
        if WHO_KNOWS:
            for x in it:
                break
        self.x = next(it)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def _g(self):
        yield nn.Linear(2, 2)
        yield self.emb
