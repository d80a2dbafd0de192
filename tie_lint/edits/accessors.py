"""The getters and setters of embeddings, written in the style of the file."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence

from tie_lint.edits.source import Source, method
from tie_lint.finding import Edit

ACCESSORS = (
    "get_input_embeddings",
    "set_input_embeddings",
    "get_output_embeddings",
    "set_output_embeddings",
)
"""In the order in which classes have them."""

_VALUES = {"set_input_embeddings": "value", "set_output_embeddings": "new_embeddings"}
_ANNOTATION = "nn.Module"


def expression(path: str) -> str:
    """Return the expression for a dotted path below ``self``; members of lists are indexed."""
    parts = [f"[{part}]" if part.isdigit() else f".{part}" for part in path.split(".")]
    return "self" + "".join(parts)


def add_accessors(
    source: Source,
    cls: ast.ClassDef,
    names: Sequence[str],
    path: str,
    aliases: Sequence[tuple[str, str]] = (),
) -> Edit | None:
    """Add the accessors of these names, which lead to ``path``, in one place.

    ``aliases`` are paths of parameters that share one of the module's own, with that one's name: a setter
    has to set them too.
    """

    def body(name: str, value: str | None) -> list[str]:
        return [f"return {expression(path)}"] if value is None else _settings(path, value, aliases)

    return _added(source, cls, names, body)


def pass_on_accessors(source: Source, cls: ast.ClassDef, end: str, part: str, setter: bool) -> Edit | None:
    """Add a getter of an end ("input" or "output") that asks that of a part, with such a setter if wanted;
    None where the class has the getter, or the text has no place for it."""
    names = [f"get_{end}_embeddings", f"set_{end}_embeddings"]
    if method(cls, names[0]) is not None:
        return None

    def body(name: str, value: str | None) -> list[str]:
        call = f"{expression(part)}.{name}"
        return [f"return {call}()"] if value is None else [f"{call}({value})"]

    return _added(source, cls, names if setter else names[:1], body)


def _added(
    source: Source,
    cls: ast.ClassDef,
    names: Sequence[str],
    body: Callable[[str, str | None], list[str]],
) -> Edit | None:
    """``body`` gives the statements of an accessor by its name and that of its parameter."""
    indent = source.indentation(cls.body[0])
    inner = indent + source.step(_any_method(cls) or cls)
    blocks = []
    for name in names:
        header, value = _header(source, cls, name)
        blocks.append("\n".join([indent + header, *(inner + line for line in body(name, value))]))
    if not source.stands_alone(cls.body[-1]):
        return None
    text = "\n\n".join(blocks)
    after = _predecessor(cls, names[0])
    if after is not None:
        return source.insert_after(source.last_line(after), "\n" + text)
    before = next((node for node in cls.body if isinstance(node, ast.FunctionDef)), None)
    if before is not None:
        line = source.first_line(before)
        return source.replace([line, 1, line, 1], text + "\n\n")
    return source.insert_after(source.span(cls.body[-1])[2], "\n" + text)


def _any_method(cls: ast.ClassDef) -> ast.FunctionDef | None:
    return next((node for node in cls.body if isinstance(node, ast.FunctionDef)), None)


def _predecessor(cls: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    """The method that an accessor follows: the accessor before it, or ``__init__``."""
    before = ["__init__", *ACCESSORS[: ACCESSORS.index(name)]]
    found = [node for one in before if (node := method(cls, one)) is not None]
    return max(found, key=lambda node: node.lineno, default=None)


def _header(source: Source, cls: ast.ClassDef, name: str) -> tuple[str, str | None]:
    """The ``def`` line of an accessor and the name of its parameter.

    It is taken from another class of the file, where one has it.
    """
    for other in _elsewhere(source, name):
        arguments = [argument.arg for argument in other.args.args[1:]]
        if len(arguments) == (name in _VALUES) and _is_plain(other):
            return _def_line(source, other), arguments[0] if arguments else None
    value = _VALUES.get(name)
    annotated = source.name_bound("nn") and _annotates(cls)
    if value is None:
        return f"def {name}(self)" + (f" -> {_ANNOTATION}:" if annotated else ":"), None
    return f"def {name}(self, {value}" + (f": {_ANNOTATION}) -> None:" if annotated else "):"), value


def _elsewhere(source: Source, name: str) -> Iterator[ast.FunctionDef]:
    for cls in source.classes:
        found = method(cls, name)
        if found is not None:
            yield found


def _is_plain(function: ast.FunctionDef) -> bool:
    arguments = function.args
    return not (arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs)


def _def_line(source: Source, function: ast.FunctionDef) -> str:
    returns = "" if function.returns is None else f" -> {source.code(function.returns)}"
    arguments = ", ".join(source.code(argument) for argument in function.args.args)
    return f"def {function.name}({arguments}){returns}:"


def _annotates(cls: ast.ClassDef) -> bool:
    """Whether the class's other accessors are annotated or, where it has none, its ``__init__``."""
    own = [found for name in ACCESSORS if (found := method(cls, name)) is not None]
    if own:
        return any(function.returns is not None for function in own)
    init = method(cls, "__init__")
    return init is not None and any(argument.annotation for argument in init.args.args[1:])


def give_accessors(
    source: Source,
    cls: ast.ClassDef,
    end: str,
    path: str,
    setter: bool,
    aliases: Sequence[tuple[str, str]] = (),
) -> list[Edit | None]:
    """Let the getter of an end ("input" or "output") return the module at ``path``, with a setter if wanted.

    ``aliases`` are as in :func:`add_accessors`. Empty or None where the text has no place for it.
    """
    getter = f"get_{end}_embeddings"
    if method(cls, getter) is not None:
        return [*redirect(source, cls, getter, path)]
    names = [getter, f"set_{end}_embeddings"] if setter else [getter]
    return [add_accessors(source, cls, names, path, aliases)]


def redirect(source: Source, cls: ast.ClassDef, getter: str, path: str) -> list[Edit]:
    """Let a getter return another module, and its setter set it if it sets the one that the getter returned;
    empty where the text has no such place."""
    function = method(cls, getter)
    returns = [] if function is None else [n for n in ast.walk(function) if isinstance(n, ast.Return)]
    if len(returns) != 1 or returns[0].value is None:
        return []
    found = returns[0].value
    edits = [source.replace(source.span(found), expression(path))]
    setter = method(cls, getter.replace("get_", "set_", 1))
    if setter is not None and _is_path(ast.unparse(found)):
        edits += _redirected(source, setter, ast.unparse(found), expression(path))
    return edits


def _redirected(source: Source, setter: ast.FunctionDef, old: str, new: str) -> list[Edit]:
    """Let a setter assign to another module, unless it does so already or asks a setter inside."""
    old_part, new_part = _differing(old, new)
    assignments = [node for node in ast.walk(setter) if isinstance(node, ast.Assign)]
    parts = [node for one in assignments for node in ast.walk(one) if isinstance(node, ast.Attribute)]
    texts = [ast.unparse(node) for node in parts]
    if new in texts:
        return []
    return [
        source.replace(source.span(node), new_part)
        for node, text in zip(parts, texts, strict=True)
        if text == old_part
    ]


def _differing(old: str, new: str) -> tuple[str, str]:
    """Two expressions without the names that both end with."""
    one, two = old.split("."), new.split(".")
    while len(one) > 2 and len(two) > 2 and one[-1] == two[-1]:
        one.pop()
        two.pop()
    return ".".join(one), ".".join(two)


def add_setter(
    source: Source, cls: ast.ClassDef, end: str, aliases_of: Callable[[str], Sequence[tuple[str, str]]]
) -> list[Edit | None]:
    """Add the setter that is the mirror image of the class's getter of an end ("input" or "output").

    Empty where the class has a setter, or a getter that does more than return an attribute or ask another
    getter.
    """
    getter, setter = method(cls, f"get_{end}_embeddings"), f"set_{end}_embeddings"
    if getter is None or method(cls, setter) is not None or not isinstance(getter.body[-1], ast.Return):
        return []
    found = getter.body[-1].value
    body = [node for node in getter.body[:-1] if not isinstance(node, ast.Expr)]
    text = "" if found is None or body else ast.unparse(found)
    asks = text.removesuffix(f".get_{end}_embeddings()")
    if asks != text and _is_path(asks):
        lines = [f"{asks}.{setter}({{value}})"]
    elif _is_path(text):
        path = re.sub(r"\[(\d+)\]", r".\1", text).removeprefix("self.")
        lines = _settings(path, "{value}", aliases_of(path))
    else:
        return []
    header, value = _header(source, cls, setter)
    indent = source.indentation(getter)
    inner = source.indentation(getter.body[0])
    written = [indent + header, *(inner + line.format(value=value) for line in lines)]
    return [source.insert_after(source.last_line(getter), "\n" + "\n".join(written))]


def set_when_tied(source: Source, cls: ast.ClassDef, setter: str, path: str) -> list[Edit]:
    """Let a class's own setter give another module the weight of what it sets, if the config asks for a tie.

    Empty where the class has no such setter, and where the last statement of it leaves no place for more.
    """
    function = method(cls, setter)
    if function is None or len(function.args.args) != 2 or isinstance(function.body[-1], ast.Return):
        return []
    last, value = function.body[-1], function.args.args[1].arg
    if not source.stands_alone(last):
        return []
    indent = source.indentation(last)
    lines = [
        f"{indent}if self.config.tie_word_embeddings:",
        f"{indent}{source.step(function)}{expression(path)}.weight = {value}.weight",
    ]
    return [source.insert_after(source.span(last)[2], "\n".join(lines))]


def copy_setter(source: Source, cls: ast.ClassDef, end: str) -> list[Edit]:
    """Add the setter that another class of the file has beside the very getter of this one.

    Empty where the class has a setter, or no other has that getter with a setter.
    """
    getter, name = method(cls, f"get_{end}_embeddings"), f"set_{end}_embeddings"
    if getter is None or method(cls, name) is not None:
        return []
    for other in source.classes:
        twin, setter = method(other, getter.name), method(other, name)
        if twin is None or setter is None or source.indentation(setter) != source.indentation(getter):
            continue
        if list(map(ast.unparse, twin.body)) == list(map(ast.unparse, getter.body)):
            first, _, last, _ = source.span(setter)
            text = "\n".join(source.lines[first - 1 : last])
            return [source.insert_after(source.last_line(getter), "\n" + text)]
    return []


def is_set_so_elsewhere(
    source: Source, name: str, path: str, aliases: Sequence[tuple[str, str]] = ()
) -> bool:
    """Return whether another class of the file has the very setter that :func:`add_accessors` would write."""
    return any(
        [ast.unparse(node) for node in function.body] == _settings(path, function.args.args[-1].arg, aliases)
        for function in _elsewhere(source, name)
    )


def asked_part(cls: ast.ClassDef, getter: str) -> str | None:
    """Return the path to the part whose own getter a class's asks; None where it does something else."""
    function = method(cls, getter)
    last = None if function is None else function.body[-1]
    found = ast.unparse(last.value) if isinstance(last, ast.Return) and last.value is not None else ""
    asked = found.removesuffix(f".{getter}()")
    return asked.removeprefix("self.") if asked != found and _is_path(asked) else None


def returned(cls: ast.ClassDef, getter: str) -> str | None:
    """Return the last name of the path that a class's own getter returns; None where it returns no such
    thing.
    """
    function = method(cls, getter)
    last = None if function is None else function.body[-1]
    found = last.value if isinstance(last, ast.Return) else None
    return found.attr if isinstance(found, ast.Attribute) else None


def add_getter(source: Source, cls: ast.ClassDef, end: str) -> list[Edit]:
    """Add the getter that is the mirror image of the class's setter of an end ("input" or "output").

    Empty where the class has a getter, or a setter that does more than set an attribute or ask another
    setter.
    """
    name, setter = f"get_{end}_embeddings", method(cls, f"set_{end}_embeddings")
    if setter is None or method(cls, name) is not None or len(setter.body) != 1:
        return []
    only = setter.body[0]
    if isinstance(only, ast.Assign):
        found = ast.unparse(only.targets[0])
    else:
        call = only.value if isinstance(only, ast.Return | ast.Expr) else None
        asked = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
        found = asked.removesuffix(setter.name) + f"{name}()"
    if not _is_path(found.removesuffix("()")) or not source.stands_alone(only):
        return []
    header, _ = _header(source, cls, name)
    text = f"{source.indentation(setter)}{header}\n{source.indentation(only)}return {found}\n\n"
    line = source.first_line(setter)
    return [source.replace([line, 1, line, 1], text)]


def takers(cls: ast.ClassDef, setter: str) -> list[str]:
    """Return the expressions to which a class's own setter assigns what it is given; where there is none, the
    functions that it calls with it.
    """
    function = method(cls, setter)
    if function is None or len(function.args.args) < 2:
        return []
    value, nodes = function.args.args[1].arg, list(ast.walk(function))
    given = [node for node in nodes if isinstance(node, ast.Assign) and _is_named(node.value, value)]
    calls = [node for node in nodes if isinstance(node, ast.Call) and _takes(node, value)]
    assigned = [ast.unparse(target) for node in given for target in node.targets]
    return assigned or [ast.unparse(call.func) for call in calls]


def _takes(call: ast.Call, value: str) -> bool:
    return any(_is_named(one, value) for one in [*call.args, *(word.value for word in call.keywords)])


def _is_named(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _settings(path: str, value: str, aliases: Sequence[tuple[str, str]]) -> list[str]:
    """The statements of a setter."""
    return [
        f"{expression(path)} = {value}",
        *(f"{expression(alias)} = {value}.{leaf}" for alias, leaf in aliases),
    ]


def _is_path(text: str) -> bool:
    return re.fullmatch(r"self(\.\w+|\[\d+\])+", text) is not None
