"""Packages that may be installed or not."""

import importlib.util, importlib
from torch import nn
from common import Base as _Base, Config as C
from transformers.utils import (
    is_flash_attn_2_available,
    is_scipy_available,
    is_vision_available,
    is_apex_available,
)


class B(_Base):
    skipped = True


def is_foo_available():
    return importlib.util.find_spec("foo_not_there") is not None


def is_bar_available():
    try:
        import bar_not_there

        return True
    except ImportError:
        return False


HAS = is_foo_available()
if is_foo_available():
    from foo_not_there import Linear as FooLinear, Norm
else:
    Norm = nn.LayerNorm
if is_scipy_available():
    import scipy.special

    K = 1
else:
    K = 1
try:
    from apex_not_there.normalization import FusedRMSNorm as RMS
except ImportError:

    class RMS(nn.Module):
        def __init__(self, n):
            super().__init__()
            import torch

            self.weight = nn.Parameter(torch.ones(n))


try:
    import flash_not_there

    HAS_FLASH = True
except Exception:
    flash_not_there = None
    HAS_FLASH = False


class FallBack(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.n = Norm(config.hidden_size)
        self.r = RMS(config.hidden_size)
        if HAS_FLASH:
            self.f = flash_not_there.Attention(config.hidden_size)
        else:
            self.f = nn.Linear(2, 2)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class BothAgree(B):
    """Both agree."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        if is_bar_available():
            print("fast")
            self.fast = True
        else:
            self.fast = False
        kind = FooLinear if HAS else nn.Linear
        self.l = kind(2, K)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class BothDiffer(B):
    """Differs."""

    skipped = False
    _tied_weights_keys = None

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        if is_foo_available():
            self.head.weight = self.emb.weight
        self.post_init()


class TheLibrarysOwn(B):
    """Library's own, and a raise where missing."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        if is_flash_attn_2_available():
            self.a = nn.Linear(2, 2)
        else:
            self.a = nn.Linear(2, 2)
        if config.n == 7 and not is_foo_available():
            raise ImportError("foo")
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class Required(B):
    """Required, raises here."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        if not is_foo_available():
            raise ImportError("foo needed")
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class TriedInInit(B):
    """Try in __init__."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        try:
            from foo_not_there import Fast

            self.x = Fast(3)
        except (ImportError, ModuleNotFoundError):
            self.x = nn.Linear(3, 3)
        try:
            mod = importlib.import_module("foo_not_there")
        except ImportError:
            mod = None
        if mod is not None:
            self.y = mod.Fast(3)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


from transformers.utils import is_torch_npu_available

if is_apex_available():
    from apex_nope import Norm as ApexNorm
else:
    ApexNorm = nn.LayerNorm


class AskedByOthers(B):
    """The library's own question, asked by others."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        norm = ApexNorm if is_apex_available() else nn.LayerNorm
        self.n = norm(config.hidden_size)
        if is_torch_npu_available():
            import torch_npu

            self.m = torch_npu.Thing(config.hidden_size)
        else:
            self.m = nn.Linear(config.hidden_size, 2)
        self.q = ApexNorm(3)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
