"""What makes an archive small: its phrases, the text its documents share, and which resembles which."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from tie_lint.library.archive import CODES, Phrases, Tables, to_text

_TOKEN = re.compile(r'"[^"]*"|\[\]|[\[\]{},:]|[^\[\]{},:"]+')
_ROUNDS = 200
_SAMPLE = 2_500_000
_SHARED = 12_000
_LONGEST_PIECE = 3000
_DEEPEST_PIECE = 6
_LONGEST_CHAIN = 12
_RECENT = 120


def tabulate(documents: Sequence[Any]) -> Tables:
    """Return the tables of an archive that is to hold the documents."""
    phrases = find_phrases([to_text(document) for document in documents])
    pieces = [_coded_pieces(document, phrases) for document in documents]
    shared = find_shared(pieces)
    return Tables(phrases, shared, find_models(pieces))


def find_phrases(texts: Sequence[str]) -> Phrases:
    """Return the phrases whose replacement saves most: neighbouring tokens are joined, commonest
    pair first.
    """
    tokens = _TOKEN.findall(_sample(texts))
    spelling = list(dict.fromkeys(tokens))
    number = {token: position for position, token in enumerate(spelling)}
    sequence = [number[token] for token in tokens]
    for _ in range(_ROUNDS):
        counts = Counter(pairwise(sequence))
        if not counts:
            break
        pair, _count = min(counts.items(), key=lambda item: (-item[1], item[0]))
        spelling.append(spelling[pair[0]] + spelling[pair[1]])
        sequence = _joined(sequence, pair, len(spelling) - 1)
    gains: Counter[str] = Counter()
    for position, count in Counter(sequence).items():
        gains[spelling[position]] += count * (len(spelling[position]) - 1)
    worthwhile = [phrase for phrase in gains if len(phrase) > 1]
    return Phrases(sorted(worthwhile, key=lambda phrase: (-gains[phrase], phrase))[: len(CODES)])


def find_shared(pieces: Sequence[frozenset[bytes]]) -> bytes:
    """Return the pieces that save most when every document can refer to them, the most valuable last."""
    counts = Counter(piece for found in pieces for piece in found)
    worth = {piece: (count - 1) * len(piece) for piece, count in counts.items() if count > 3}
    shared = b""
    for piece in sorted(worth, key=lambda piece: (-worth[piece], piece)):
        if piece not in shared:
            shared = piece + shared
        if len(shared) >= _SHARED:
            break
    return shared[-_SHARED:]


def find_models(pieces: Sequence[frozenset[bytes]]) -> list[int | None]:
    """For each document the earlier one that has most in common with it."""
    models: list[int | None] = []
    chain: list[int] = []
    holders: defaultdict[bytes, list[int]] = defaultdict(list)
    for number, found in enumerate(pieces):
        common: Counter[int] = Counter()
        for piece in found:
            for holder in holders[piece][-_RECENT:]:
                common[holder] += len(piece)
            holders[piece].append(number)
        able = [holder for holder in common if chain[holder] < _LONGEST_CHAIN]
        model = max(able, key=lambda holder: (common[holder], holder), default=None)
        models.append(model)
        chain.append(0 if model is None else chain[model] + 1)
    return models


def _sample(texts: Sequence[str]) -> str:
    step = max(1, sum(map(len, texts)) // _SAMPLE)
    return "\n".join(texts[::step])


def _joined(sequence: list[int], pair: tuple[int, int], new: int) -> list[int]:
    """The sequence with every occurrence of the pair replaced."""
    joined: list[int] = []
    positions = iter(range(len(sequence)))
    for position in positions:
        if tuple(sequence[position : position + 2]) == pair:
            joined.append(new)
            next(positions)
        else:
            joined.append(sequence[position])
    return joined


def _coded_pieces(document: Any, phrases: Phrases) -> frozenset[bytes]:
    texts = {text for text in map(to_text, _pieces(document, 0)) if len(text) < _LONGEST_PIECE}
    return frozenset(piece for piece in map(phrases.encode, texts) if len(piece) > 8)


def _pieces(node: Any, depth: int) -> Iterator[Any]:
    """The lists inside a document, down to the statements of its methods."""
    if isinstance(node, list):
        yield node
    if depth < _DEEPEST_PIECE:
        for child in node.values() if isinstance(node, dict) else node:
            if isinstance(child, list | dict):
                yield from _pieces(child, depth + 1)
