"""What fills a registry of another module."""

from torch import nn
from registries_lib import register, ZOO


@register
class More(nn.Module):
    def __init__(self):
        super().__init__()
        self.x = nn.Linear(2, 2, bias=False)
        self.y = nn.Linear(2, 2, bias=False)
        self.y.weight = self.x.weight


class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.x = nn.Linear(2, 2)


ZOO["plain"] = Plain
