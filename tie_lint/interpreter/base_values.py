"""The values that know of no class: what is unknown, what is not read, and the errors of a run."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Literal, NamedTuple, TypeAlias

from tie_lint.cause import Cause
from tie_lint.interpreter.spot import here
from tie_lint.record import Data, Record

Value: TypeAlias = Any
"""Plain Python values stand for themselves, so any object may be one."""


CONTAINERS = (list, tuple, dict, set, frozenset)
"""The types of what holds other values."""

CO_VARKEYWORDS = 0x08
"""The flag of code that takes keywords of any name (``inspect.CO_VARKEYWORDS``)."""


CONTAINER, OBJECT, PART = 1, 2, 4
"""What an unknown may be that the run knows by another name: a list, dict or set; an object, or code that may
change one; a module or parameter."""
ANYTHING_KNOWN = CONTAINER | OBJECT | PART


class Made:
    """Stands for what one call of unread code made."""

    __slots__ = ()


class Origin(Data):
    """Where an unknown value comes from that is no part of the model (see the module ``origins``)."""

    holds: frozenset[object]
    """What may be in it: what calls made, and objects of which it is an attribute."""
    makers: frozenset[object]
    """What it was made by: if that is in the model, they may share a part."""
    makes_modules: bool = False
    """Whether to call it makes a module that shares nothing with what it is not given."""


class Unknown:
    """A value that the run cannot know. ``module`` says that it may be an ``nn.Module``, ``may_be_absent``
    that what was asked for may not be there at all. ``origin`` is None where it may be a part of the model.

    ``ends`` is how a string begins and ends of which no more is known. ``aliases`` says what it may be that
    the run knows: :data:`CONTAINER`, :data:`OBJECT`, :data:`PART`, several of them or none.

    What comes of another unknown is given the cause of that; mere words get the place where the run is.
    """

    __slots__ = ("aliases", "ends", "may_be_absent", "module", "origin", "why")

    def __init__(
        self,
        why: str | Cause,
        module: bool = False,
        may_be_absent: bool = False,
        origin: Origin | None = None,
        ends: tuple[str, str] | None = None,
        aliases: int = 0,
    ) -> None:
        self.why = why if isinstance(why, Cause) else here(why)
        self.module, self.may_be_absent, self.origin = module, may_be_absent, origin
        self.ends, self.aliases = ends, aliases

    def may_be(self, text: str) -> bool:
        """Return whether it may be that string."""
        lead, tail = self.ends or ("", "")
        return len(text) >= len(lead) + len(tail) and text.startswith(lead) and text.endswith(tail)

    def __repr__(self) -> str:
        return f"Unknown({self.why.text!r})"


def present(value: Value) -> Value:
    """Return a value that was read: so it was there."""
    if type(value) is Unknown and value.may_be_absent:
        return Unknown(value.why, value.module, False, value.origin, value.ends, value.aliases)
    return value


def cause_of(value: Value) -> Cause:
    """Return the cause of an unknown; for another value, one that says what kind it is of."""
    lost = getattr(value, "lost", None)  # of a generator
    if isinstance(lost, Cause):
        return lost
    if isinstance(value, Unknown):
        return value.why
    if isinstance(value, External):
        return here(value.name)
    kind = getattr(getattr(value, "cls", None), "leaf", type(value).__name__)
    return here(f"{kind} of unknown content")


NOT_IMPLEMENTED = Unknown("NotImplemented")


class Spread(str, Enum):
    """Keys among keyword arguments for what a call spreads and the run does not know.

    They are strings, so that they pass through ``**`` as any other key; no keyword of linted code is one.
    """

    ITEMS = "*"
    """The items of an unknown ``*items``, and the positional arguments after it: a list of values."""
    KEYWORDS = "**"
    """What is unknown of a ``**mapping``."""


class RaisedError(Exception):
    """An exception of the code that is run: the name of its class, those of the classes above where the code
    defines it itself, and its message."""

    def __init__(self, kind: str, message: str = "", above: frozenset[str] = frozenset()) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind, self.message, self.above = kind, message, above
        self.cause = here(str(self))
        self.caught = Unknown(self.cause)
        """What stands for it where a handler gives it a name."""

    def kept(self) -> RaisedError:
        """Return the error for being kept: without the frames it came through, and all that they hold."""
        self.__traceback__ = self.__context__ = None
        return self


class Given(NamedTuple):
    """An attribute that nothing sets and that was taken to be given, as code read it for certain."""

    owner: str
    """The class of the object."""
    name: str
    error: Cause
    """What reading it raises where it is not given."""
    by_library: bool
    """Whether the library's own code reads it."""


class ExhaustedError(Exception):
    """The run took more steps, loop rounds or depth than its bounds allow."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.cause = here(message)


class UnknownItemsError(Exception):
    """What comes next of an iterator is not known."""

    def __init__(self, why: Cause) -> None:
        super().__init__(why.text)
        self.why = why


class External(Record):
    """A name from a package that is not read (``collections.OrderedDict``)."""

    name: str

    @property
    def leaf(self) -> str:
        """The last segment of the name."""
        return self.name.rpartition(".")[2]


class Native(Record):
    """A function of ours that stands for one of Python or of a library.

    The function takes the run and then what the real one takes. Of keywords that are not known
    (:data:`Spread.KEYWORDS`) it is told where it takes any keyword.
    """

    name: str
    function: Callable[..., Value]
    kind: Literal["instance", "class", "property"] = "instance"
    """How it is bound where a class has it."""
    reads_environment: bool = False
    """Whether it is given the names around the call, as ``env``."""
    remembers: bool = False
    """Whether it may hand out again what it handed out before."""
    holds: tuple[Value, ...] = ()
    """Of a ``functools.partial``: the function, and what is given to it beforehand."""

    @property
    def takes_any_keyword(self) -> bool:
        """Return whether the function takes keywords of any name; a compiled one, which does not say, may."""
        code = getattr(self.function, "__code__", None)
        return code is None or bool(code.co_flags & CO_VARKEYWORDS)


class Inert(Record):
    """An object that no run changes and that holds no module; equal only to itself."""


class Sentinel(Inert):
    """What stands for the absence of a value, where None is a value like any other."""

    name: str

    def __repr__(self) -> str:
        return f"<{self.name}>"


UNBOUND = Sentinel("unbound")
"""What a name stands for that nothing binds."""


class Property(Inert):
    """A ``property`` object, as its class hands it out."""

    getter: Value


class Field(Inert):
    """What ``dataclasses.field(…)`` returns."""

    options: dict[str, Value]


class MadeInit(Inert):
    """An ``__init__`` that ``dataclass`` makes, as its class hands it out."""

    parameters: list[str] | None
    """Their names, ``self`` first; None where they are unknown."""
    owner: Any
    """The class that it was made for."""
