"""Which local names of a body only ever hold numbers, or tensors made on the spot: a look at its text.

Neither can be a module, or a parameter that another module holds. Errs on the side of not knowing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tie_lint.interpreter.base_values import Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.namespace import Namespace
from tie_lint.interpreter.values import Function, Instance, Lambda, Module, Param
from tie_lint.interpreter.values import parts as parts_of
from tie_lint.python.effects import act_outside
from tie_lint.python.nodes import Attr, Binary, Call, Comprehension, Const, Expr, Index, Name, Unary
from tie_lint.python.statements import Assign, FunctionFacts, If, Stmt, While
from tie_lint.python.walk import assigned_names, calls, is_name, last_name, names, parts, root, statements

PACKAGES = ("torch", "math", "np", "numpy", "itertools", "os", "pathlib")
"""Whose functions give numbers and tensors, or paths."""
_HANDING_ON = frozenset({"itertools", "compile"})
"""What gives back what it was given."""
_OF_NUMBERS = frozenset({"**", "/", "//", "%", "@"})
"""Operators that neither modules nor lists of them have, and that give something new."""
DEEPEST = 4
"""How deep calls are followed."""
_FUNCTIONS = frozenset(
    {"int", "float", "len", "max", "min", "bool", "round", "abs", "sum", "str", "isinstance", "range", "any"}
    | {"all", "dict", "enumerate", "list", "reversed", "set", "sorted", "tuple", "zip"}
)
"""Built-in functions that make no module of plain data."""
_PLAIN = frozenset({"bool", "float", "int", "str"})


def plain_parameters(facts: FunctionFacts) -> list[str]:
    """Return the names of the parameters that are numbers or texts, as their annotations say."""
    return [
        param.name for param in facts.params if param.kind in ("pos", "kw") and _is_plain(param.annotation)
    ]


def _is_plain(annotation: Expr | None) -> bool:
    match annotation:
        case Name(name):
            return name in _PLAIN
        case Binary("|", left, right):
            return _is_plain(left) and (right == Const(None) or _is_plain(right))
        case Index(base, item):
            return last_name(base) == "Optional" and _is_plain(item)
    return False


def numbers(scope: Namespace, body: list[Stmt], plain: Iterable[str] = ()) -> set[str]:
    """Return the names, of all that the body's statements assign and of parameters that are ``plain``."""
    given: dict[str, list[Expr | None]] = {name: [] for name in plain}
    for name, value in _assignments(body):
        given.setdefault(name, []).append(value)
    found = set(given)
    while lost := {
        name for name in found if not all(is_number(value, found, scope) for value in given[name])
    }:
        found -= lost
    return found


def _assignments(body: list[Stmt]) -> Iterator[tuple[str, Expr | None]]:
    """Yield each name that is assigned, with the value; None where that is not written out."""
    for stmt in statements(body):
        if isinstance(stmt, (If, While)):
            continue  # its inner statements come by themselves
        plain: set[str] = set()
        if isinstance(stmt, Assign):
            plain = {target.name for target in stmt.targets if isinstance(target, Name)}
            yield from ((name, stmt.value) for name in plain)
        for name, _ in assigned_names([stmt]):
            if name not in plain:
                yield name, None


def is_number(value: Expr | None, known: set[str], scope: Namespace) -> bool:
    """Return whether an expression gives numbers, or a tensor made on the spot; those of names are known."""
    match value:
        case Const():
            return True
        case Name(name):
            return name in known
        case Unary(_, operand):
            return is_number(operand, known, scope)
        case Binary(operator, left, right):
            both = is_number(left, known, scope) and is_number(right, known, scope)
            return both or operator in _OF_NUMBERS
        case Call(Attr(Name(package), leaf), args, keywords) if package in PACKAGES:
            gives = package not in _HANDING_ON and leaf not in _HANDING_ON
            return gives and all(is_number(call, known, scope) for call in calls([*args, *keywords]))
        case Call(Attr(Attr() as base), args, keywords) if (
            root(base, through_calls=True) == "os"
        ):  # os.environ.get(name, default)
            return all(is_number(arg, known, scope) for arg in [*args, *(one.value for one in keywords)])
        case Call(Attr(base, "get")) if is_of_config(base):
            return True
        case Call(Attr(_, "item" | "tolist"), []):
            return True
        case Comprehension(element=Expr() as element, clauses=clauses):
            inner = set(names([clause.target for clause in clauses]))
            plain = names([clause.target for clause in clauses if _goes_through_config(clause.iterable)])
            return is_number(element, known - inner | set(plain), scope)
        case Call(Attr(base)):
            return is_number(base, known, scope)
        case Call(Name(function), args, keywords):
            handed = [*args, *(keyword.value for keyword in keywords)]
            given = all(is_number(arg, known, scope) for arg in handed)
            return given and (function in _FUNCTIONS or _makes_nothing(scope, function))
        case Index(base) | Attr(base):
            return is_of_config(value) or is_number(base, known, scope)
    return False


def is_of_config(node: Expr) -> bool:
    """Return whether an expression reads something that a config holds, which is plain data."""
    while isinstance(node, (Attr, Index)):
        if isinstance(node, Attr) and node.name == "config" and is_name(node.base, "self"):
            return True
        node = node.base
    return is_name(node, "config")


def _goes_through_config(iterable: Expr) -> bool:
    """Return whether a loop is over items of something that a config holds."""
    match iterable:
        case Call(Attr(base, "items" | "keys" | "values"), []):
            return is_of_config(base)
    return is_of_config(iterable)


def _makes_nothing(scope: Namespace, name: str, depth: int = DEEPEST) -> bool:
    """Return whether a function of the module can make no module of plain data.

    It calls functions of that kind, and methods of what it is given, which it leaves as it is.
    """
    found = scope.lookup(name)
    if not isinstance(found, Function) or not depth:
        return False
    defaults = [param.default for param in found.facts.params if param.default is not None]
    if act_outside(found.facts.body, (), ()) or any(True for _ in calls(defaults)):
        return False
    own = {param.name for param in found.facts.params} | {
        name for name, _ in assigned_names(found.facts.body)
    }
    for call in calls(parts(found.facts.body)):
        match call.function:
            case Name(called) if called in _FUNCTIONS or _makes_nothing(found.scope, called, depth - 1):
                continue
            case Attr(Name(package)) if package in PACKAGES:
                continue
            case Attr(base) if root(base, through_calls=True) in own:
                continue
        return False
    mentioned = {*names(found.facts.body)} - own
    return not any(_holds_what_makes_modules(found.scope.lookup(name)) for name in mentioned)


def _holds_what_makes_modules(value: Value) -> bool:
    """Return whether something may hand out a class or a function, or is not known; a function is called."""
    if isinstance(value, Function):
        return False
    made_of = (Class, Function, Instance, Iterator, Lambda, Module, Param, Unknown)
    return any(isinstance(one, made_of) for one in parts_of(value))


def turns_numbers_into_numbers(scope: Namespace, body: list[Stmt], known: set[str], function: str) -> bool:
    """Return whether a body only calls a function, with numbers, and the function makes no module of them;
    ``known`` are the names that hold numbers."""
    own = [call for call in calls(parts(body)) if is_name(call.function, function)]
    mentions = sum(name == function for name in names(body))
    return mentions == len(own) and all(is_number(call, known, scope) for call in own)
