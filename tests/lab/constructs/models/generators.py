"""Generators, iterators and contexts."""

import itertools, contextlib, collections
from torch import nn
from common import Base as B, Config as C


def blocks(config):
    for i in range(config.n):
        yield nn.Linear(config.hidden_size, config.hidden_size)


class OfAFunction(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(blocks(config))
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class OfAMethod(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList()
        for layer in self._make(config):
            self.layers.append(layer)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def _make(self, config):
        shared = nn.Linear(4, 4)
        for i in range(config.n):
            if i % 2:
                yield nn.Linear(4, 4)
            else:
                yield shared


class OfNamesAndModules(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        for name, module in self._parts(config):
            setattr(self, name, module)
        self.post_init()

    def _parts(self, config):
        yield "emb", nn.Embedding(config.vocab_size, config.hidden_size)
        yield from (("l%d" % i, nn.Linear(2, 2)) for i in range(config.n))
        yield "head", nn.Linear(config.hidden_size, config.vocab_size, bias=False)


class WithATie(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.seq = nn.Sequential(*self._make(config))
        self.head = self.seq[-1]
        self.post_init()

    def _make(self, config):
        yield from blocks(config)
        head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        head.weight = self.emb.weight
        yield head


class AsFarAsAsked(B):
    """Side effects only as far as consumed."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        steps = self._steps(config)
        next(steps)
        next(steps)
        self.post_init()

    def _steps(self, config):
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        yield 1
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        yield 2
        self.other = self.emb
        yield 3


class NeverAsked(B):
    """Never consumed."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self._later()
        self.post_init()

    def _later(self):
        self.other = self.emb
        yield 1


def count(start=0):
    n = start
    while True:
        yield n
        n += 1


class Endless(B):
    """Endless."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        ids = count()
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleDict()
        for name, i in zip(["a", "b", "c"], ids):
            self.layers[f"{name}{i}"] = nn.Linear(4, 4 + i)
        for i in itertools.islice(ids, 2):
            self.add_module(f"x{i}", nn.Linear(2, 2))
        for i in ids:
            if i > 7:
                break
            self.add_module(f"y{i}", nn.Linear(2, 2))
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


@contextlib.contextmanager
def scope(model, name):
    model._now = name
    yield model
    model._now = None


class InAContext(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        with scope(self, "a") as m:
            m.part = nn.Linear(2, 2)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class InEveryPlace(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.seq = nn.Sequential(collections.OrderedDict(self._named(config)))
        self.d = nn.ModuleDict(self._named(config))
        self.d2 = nn.ModuleDict(dict(self._named(config)))
        self.l = nn.ModuleList(list(self._make(config)))
        self.t = nn.ModuleList([x for x in self._make(config)])
        self.e = nn.ModuleList()
        for i, x in enumerate(self._make(config)):
            self.e.append(x)
        self.m = nn.ModuleList(map(lambda x: nn.Linear(x, 2), self._sizes()))
        a, b = self._pair()
        self.a, self.b = a, b
        first, *rest = self._make(config)
        self.first, self.rest = first, nn.ModuleList(rest)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def _named(self, config):
        for i in range(config.n):
            yield f"n{i}", nn.Linear(2, 2)

    def _make(self, config):
        for i in range(config.n):
            yield nn.Linear(2, 2)

    def _sizes(self):
        yield 2
        yield 3

    def _pair(self):
        yield self.emb
        yield nn.Linear(2, 2)


class TriedAndSent(B):
    """Try, with, return, send."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.l = nn.ModuleList(self._make(config))
        g = self._talk()
        next(g)
        self.sent = g.send(nn.Linear(3, 3))
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def _make(self, config):
        try:
            yield nn.Linear(2, 2)
            r = yield from self._inner()
            yield r
        finally:
            self.done = nn.Linear(1, 1)
        if config.n == 3:
            return
        yield nn.Linear(5, 5)

    def _inner(self):
        yield nn.Linear(3, 3)
        return self.emb

    def _talk(self):
        x = yield
        yield x


class OfUnknownLength(B):
    """Unknown."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        import os

        self.l = nn.ModuleList(self._make(os.cpu_count() > 1))
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def _make(self, many):
        yield nn.Linear(2, 2)
        if many:
            yield nn.Linear(2, 2)


class IteratorClasses(B):
    """Iterator class."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.l = nn.ModuleList(Source(3))
        self.k = nn.ModuleList()
        for x in Source2(2):
            self.k.append(x)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class Source:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        for i in range(self.n):
            yield nn.Linear(2, 2)


class Source2:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return nn.Linear(2, 2)
