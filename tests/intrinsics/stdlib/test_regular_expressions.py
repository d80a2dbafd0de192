"""What regular expressions of the linted code match, as ``re`` says; the model ties where it is so."""

from __future__ import annotations

import pytest

from tests.tiny_models import ties

TIED = {
    "a match": "re.match(r'^mlp(\\d+)x_gelu$', 'mlp2x_gelu')",
    "no match": "re.match('b', 'ab') is None",
    "a search": "re.search('b', 'ab')",
    "a match of all": "not re.fullmatch('a', 'ab')",
    "a group": "int(re.match(r'^mlp(\\d+)x_gelu$', 'mlp2x_gelu').group(1)) == 2",
    "the whole match": "re.match('a+', 'aab').group() == 'aa'",
    "two groups": "re.match('(a)(b)', 'ab').group(2, 1) == ('b', 'a')",
    "a named group": "re.match('(?P<n>a)', 'ab').group('n') == 'a'",
    "a group as an item": "re.match('(?P<n>a)', 'ab')['n'] == 'a'",
    "all groups": "re.match('(a)(c)?', 'ab').groups() == ('a', None)",
    "groups by name": "re.match('(?P<n>a)', 'ab').groupdict() == {'n': 'a'}",
    "where it is": "re.search('b', 'ab').span() == (1, 2) and re.search('b', 'ab').start() == 1",
    "a compiled pattern": "re.compile('a').match('ab')",
    "a compiled pattern given on": "re.search(re.compile('b'), 'ab').end() == 2",
}
UNKNOWN = {
    "flags": "re.match('A', 'a', re.IGNORECASE)",
    "an unknown text": "re.match('a', acme.text())",
    "an unknown group": "re.match('a', 'a').group(acme.text())",
}
BODY = """
self.a = nn.Linear(8, 8, bias=False)
self.b = nn.Linear(8, 8, bias=False)
if {test}:
    self.b.weight = self.a.weight
"""


@pytest.mark.parametrize("test", TIED.values(), ids=TIED)
def test_what_matches(test: str) -> None:
    assert ties(BODY.format(test=test), before="import re") == [["a.weight", "b.weight"]]


@pytest.mark.parametrize("test", UNKNOWN.values(), ids=UNKNOWN)
def test_what_cannot_be_told_is_unknown(test: str) -> None:
    assert ties(BODY.format(test=test), before="import re, acme") is None
