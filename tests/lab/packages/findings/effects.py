"""What the words of a finding say that happens, and whether that is what was seen of the class.

What was seen are the aspects of ``tests.lab.mutants.behaviour``, and ``built``: the error that building the
class with the defaults of its config raises. A phrase that needs what was not seen is answered with None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

Seen = dict[str, Any]
Answer = bool | None
BUILT = "built"
Check = Callable[[Any, str, Seen], Answer]


def held(message: str, code: str, seen: Seen) -> Iterator[tuple[str, Answer]]:
    """Each aspect that bears on the message, as text, and whether it is as the message says."""
    flag = _flag(message)
    for codes, pattern, aspect, check in EFFECTS:
        if (not codes or code in codes) and re.search(pattern, message):
            value = _value(seen, aspect, flag)
            yield f"{aspect}: {value}"[:120], None if value is None else check(value, message, seen)


def _value(seen: Seen, aspect: str, flag: str) -> Any:
    """What was seen of an aspect, under that flag if it has been forced."""
    return seen.get(aspect + flag, seen.get(aspect))


def _flag(message: str) -> str:
    """With which flag the message says that it happens."""
    if "with tie_word_embeddings=True" in message:
        return "-if-tied"
    return "-if-untied" if "tie_word_embeddings=False" in message else ""


def _named(message: str) -> set[str]:
    """The weights that the message names: what is shared, or that of what is to be returned or tied."""
    pair = re.search(r"shares ([\w.]+) and ([\w.]+)", message)
    if pair:
        return set(pair.groups())
    part = re.search(r"should return self\.([\w.]+)|ties ([\w.]+) (?:to|even)", message)
    return {f"{next(filter(None, part.groups()))}.weight"} if part else set()


def _tied(groups: Any, message: str) -> bool:
    return any(_named(message) <= set(group) for group in groups)


def _is(wanted: Any) -> Check:
    return lambda value, message, seen: value == wanted


def _begins(*kinds: str) -> Check:
    return lambda value, message, seen: str(value).startswith(kinds)


def _same_error(value: Any, message: str, seen: Seen) -> bool:
    """Whether building raises that very error, or does so once the config has what its class never sets."""
    said = re.search(r"raises (\w+)(?:: (?:[^:]*no attribute )?(.*?))?(?:, which|, and \d|; |$)", message)
    if said is None:
        return False
    errors = [error for error in (value, seen.get("given_error", "")) if error.startswith(said[1])]
    missing = re.search(r"no attribute '(\w+)'", message)
    once_given = missing is not None and missing[1] in seen.get("given", {})
    return any((said[2] or "") in error or once_given for error in errors)


def _untied(value: Any, message: str, seen: Seen) -> bool:
    return not _tied(value, message)


def _head_untied(value: Any, message: str, seen: Seen) -> bool:
    """Whether what the output getter returns is not among the tied."""
    head = f"{seen.get('output-getter')}.weight"
    return not any(head in group for group in value)


def _parted(value: Any, message: str, seen: Seen) -> Answer:
    """Whether what is shared when it is built is apart when it is loaded."""
    if not isinstance(value, dict) or not _tied(_value(seen, "ties", _flag(message)), message):
        return None
    return not _tied(value["ties"], message)


def _raises_type_error(value: Any, message: str, seen: Seen) -> bool:
    """Whether building or loading does, under any flag."""
    kinds = ("build", "load", BUILT)
    return any(str(seen[name]).startswith("TypeError") for name in seen if name.startswith(kinds))


def _lost(value: Any, message: str, seen: Seen) -> bool:
    """Whether the backbone's tensors go missing on a load one way or the other."""
    return any(way["missing_keys"] and way["unexpected_keys"] for way in value.values())


EFFECTS: list[tuple[tuple[str, ...], str, str, Check]] = [
    (("TIE006",), r"raises \w+", BUILT, _same_error),
    (("TIE005",), r"building it raises", BUILT, _begins("AttributeError")),
    (("TIE005",), r"loading it raises", "load", _begins("AttributeError")),
    (("TIE303",), r"raises TypeError", BUILT, _raises_type_error),
    ((), r"resize_token_embeddings\(\) fails(?: for it|$|;)", "resize", _is("fails")),
    ((), r"neither it nor models built on it can tie", "resize", _is("fails")),
    ((), r"once set_input_embeddings\(\) works", "resize", _is("fails")),
    (
        (),
        r"(?<!works, )resize_token_embeddings\(\) leaves the head at its old size",
        "resize-output",
        lambda value, message, seen: not _named(message) & set(value),
    ),
    ((), r"save_pretrained\(\) raises", "saves", _is(False)),
    ((), r"__init__ (?:raises \w+ )?when the config asks", "build-if-tied", _begins("AttributeError")),
    (("TIE102",), r"__init__ raises, or", "build-if-tied", _begins("AttributeError", "ValueError")),
    ((), r"the head is not tied|nothing ties .* the head is silently untied", "ties", _untied),
    ((), r"the tie is never made|it is built untied", "ties", _head_untied),
    (("TIE202",), r"even where the config says", "ties", lambda value, message, _: _tied(value, message)),
    ((), r"a matrix of the wrong shape", "shapes", lambda value, message, seen: bool(value)),
    ((), r"once the model can be loaded", "load", _begins("AttributeError")),
    ((), r"(?<!loaded, )from_pretrained\(\) parts them", "load", _parted),
    ((), r"checkpoints of the backbone do not load", "cross-load", _lost),
]
"""The rules that say it (empty: any), words of the message, the aspect that they are about, and the check."""
