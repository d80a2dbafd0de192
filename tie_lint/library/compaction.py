"""The tables that make an archive small: the phrases and the dictionary its documents share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from tie_lint.library.archive import CODES, Phrases, to_text

_TOKEN = re.compile(r'"[^"]*"|\[\]|[\[\]{},:]|[^\[\]{},:"]+')
_ROUNDS = 200
_SAMPLE = 2_500_000
_WINDOW = 32768


def find_phrases(texts: Sequence[str]) -> Phrases:
    """The phrases whose replacement saves most: neighbouring tokens are joined, commonest pair first."""
    tokens = _TOKEN.findall(_sample(texts))
    spelling = list(dict.fromkeys(tokens))
    number = {token: position for position, token in enumerate(spelling)}
    sequence = [number[token] for token in tokens]
    for _ in range(_ROUNDS):
        counts = Counter(pairwise(sequence))
        pair, _count = min(counts.items(), key=lambda item: (-item[1], item[0]))
        spelling.append(spelling[pair[0]] + spelling[pair[1]])
        sequence = _joined(sequence, pair, len(spelling) - 1)
    gains = {
        spelling[position]: count * (len(spelling[position]) - 1)
        for position, count in Counter(sequence).items()
        if len(spelling[position]) > 1
    }
    return Phrases(sorted(gains, key=lambda phrase: (-gains[phrase], phrase))[: len(CODES)])


def find_dictionary(documents: Iterable[Any], phrases: Phrases) -> bytes:
    """The pieces that most documents share, the most valuable last, where deflate reaches them cheapest."""
    counts: Counter[bytes] = Counter()
    for document in documents:
        pieces = {phrases.encode(text) for text in map(to_text, _pieces(document)) if len(text) < 3000}
        counts.update(piece for piece in pieces if len(piece) > 8)
    worth = {piece: (count - 1) * len(piece) for piece, count in counts.items() if count > 3}
    found = b""
    for piece in sorted(worth, key=lambda piece: (-worth[piece], piece)):
        if piece not in found:
            found = piece + found
        if len(found) >= _WINDOW:
            break
    return found[-_WINDOW:]


def _sample(texts: Sequence[str]) -> str:
    step = max(1, sum(map(len, texts)) // _SAMPLE)
    return "\n".join(texts[::step])


def _joined(sequence: list[int], pair: tuple[int, int], new: int) -> list[int]:
    joined: list[int] = []
    pending = iter(range(len(sequence)))
    for position in pending:
        if tuple(sequence[position : position + 2]) == pair:
            joined.append(new)
            next(pending)
        else:
            joined.append(sequence[position])
    return joined


def _pieces(node: Any, depth: int = 0) -> Iterator[Any]:
    """The lists inside a document, down to the statements of its methods."""
    if depth > 6:
        return
    if isinstance(node, list):
        yield node
    for child in node.values() if isinstance(node, dict) else node:
        if isinstance(child, list | dict):
            yield from _pieces(child, depth + 1)
