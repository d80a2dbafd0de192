"""What functools does to functions and methods."""

import functools, copy
from functools import partial, wraps, lru_cache, cached_property, reduce, partialmethod, singledispatch, cache
from torch import nn
import torch
from common import Base as _Base, Config as C


class B(_Base):
    skipped = True


def logged(f):
    @wraps(f)
    def inner(*a, **k):
        return f(*a, **k)

    return inner


def twice(n):
    def deco(f):
        @functools.wraps(f)
        def inner(self, *a, **k):
            for _ in range(n):
                r = f(self, *a, **k)
            return r

        return inner

    return deco


class Deco:
    def __init__(self, f):
        self.f = f
        functools.update_wrapper(self, f)

    def __call__(self, *a, **k):
        return self.f(*a, **k)

    def __get__(self, obj, owner=None):
        return functools.partial(self.__call__, obj)


class WrappedMethods(B):
    skipped = False

    @logged
    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.build(config)
        self.post_init()

    @twice(2)
    def build(self, config):
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)

    @logged
    def get_input_embeddings(self):
        return self.emb


class PartialAndCachedProperty(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        L = partial(nn.Linear, bias=False)
        self.a = L(2, 2)
        self.layers = nn.ModuleList([partial(nn.Linear, 3)(4) for _ in range(2)])
        self.m = nn.ModuleList(map(partial(nn.Linear, 2), [2, 3]))
        self.h = self.head
        self.post_init()

    @cached_property
    def head(self):
        return nn.Linear(self.config.hidden_size, self.config.vocab_size, bias=False)


class CachedMethods(B):
    """Partialmethod, lru_cache, cache."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.a = self.make2()
        self.b = self.cached(3)
        self.c = self.cached(3)
        self.d = self.cached2(3)
        self.e = self.cached2(4)
        self.f = self.cached3
        self.g = self.cached3
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def make(self, n, k=1):
        return nn.Linear(n, k)

    make2 = partialmethod(make, 2, k=3)

    @lru_cache(maxsize=None)
    def cached(self, n):
        return nn.Linear(n, n)

    @cache
    def cached2(self, n):
        return nn.Linear(n, n)

    @functools.cached_property
    def cached3(self):
        return Holder()


class Holder:
    def __init__(self):
        self.x = 1


@lru_cache
def shared_layer(n):
    return nn.Linear(n, n)


_memo = {}


def memo_layer(n):
    if n not in _memo:
        _memo[n] = nn.Linear(n, n)
    return _memo[n]


class CachedFunction(B):
    """Module-level cache shares."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.a = shared_layer(3)
        self.b = shared_layer(3)
        self.c = shared_layer(4)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class OwnMemory(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.a = memo_layer(3)
        self.b = memo_layer(3)
        self.c = memo_layer(4)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class ReduceAndDescriptors(B):
    """Reduce, singledispatch, Deco class, decorator with state, property wrapped."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        n = reduce(lambda a, b: a * b, [2, 3, 4], 1)
        self.a = nn.Linear(n, 2)
        self.b = self.made(3)
        self.c = plain(4)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    @Deco
    def made(self, n):
        return nn.Linear(n, n)


@Deco
def plain(n):
    return nn.Linear(n, n)


@singledispatch
def dispatch(x):
    return nn.Linear(1, 1)


@dispatch.register(int)
def _(x):
    return nn.Linear(x, x)


@dispatch.register
def _(x: str):
    return nn.Identity()


class SingleDispatch(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.a = dispatch(3)
        self.b = dispatch(None)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


def tying(cls):
    orig = cls.__init__

    @wraps(orig)
    def init(self, *a, **k):
        orig(self, *a, **k)
        self.head.weight = self.emb.weight

    cls.__init__ = init
    return cls


@tying
class DecoratedClass(B):
    """Class decorator that wraps __init__."""

    skipped = False
    _tied_weights_keys = None

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class PartialOfSelf(B):
    """No_grad, staticmethod helpers, inner partial with self."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.act = partial(torch.nn.functional.gelu, approximate="tanh")
        self.fn = partial(self.helper, self.emb)
        self.fn2 = lambda: self.emb
        self.block = self._build(nn.Linear, 3, 3)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.init()
        self.post_init()

    @torch.no_grad()
    def init(self):
        self.emb.weight.fill_(1)

    @staticmethod
    def _build(kind, *args):
        return kind(*args)

    def helper(self, e):
        return e
