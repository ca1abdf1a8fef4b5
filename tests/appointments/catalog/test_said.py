"""What people say finds the item that they mean, or ends at the counter. The hit rates are printed with `pytest -s`."""

import tomllib
from pathlib import Path

import pytest

from appointments.catalog import search, starter
from appointments.models import ServiceItem

PHRASES = tomllib.loads((Path(__file__).parent / "phrases.toml").read_text(encoding="utf-8"))
FIRST, AMONG_THREE = 0.85, 0.95
pytestmark = pytest.mark.once  # which row is meant is decided in Python


@pytest.fixture
def found(county):
    """`found(words)`: the codes that a search answers with, best first."""
    starter.adopt(division=county)
    rows = ServiceItem.objects.current()
    return lambda words: [item.code for item in search.search(rows, words)]


def rates(found, phrases: list[tuple[str, str]]) -> tuple[float, float, list[str]]:
    """Shares of the phrases whose item is first and among the first three; those that are not first."""
    answers = [(words, code, found(words)[:3]) for words, code in phrases]
    first = [code == codes[0] if codes else False for _words, code, codes in answers]
    three = [code in codes for _words, code, codes in answers]
    missed = [f"{words} → {codes}" for words, code, codes in answers if codes[:1] != [code]]
    return sum(first) / len(first), sum(three) / len(three), missed


def half(start: int) -> list[tuple[str, str]]:
    return [(words, code) for code, phrases in PHRASES["meant"].items() for words in phrases[start::2]]


@pytest.mark.django_db
def test_of_phrases_that_nothing_was_tuned_on_most_find_their_item(found):
    first, three, missed = rates(found, half(1))
    print(f"\n{len(half(1))} phrases not tuned on: first {first:.1%}, among three {three:.1%}. Not first: {missed}")
    seen, seen_three, _missed = rates(found, half(0))
    print(f"{len(half(0))} phrases tuned on: first {seen:.1%}, among three {seen_three:.1%}.")

    assert (first >= FIRST, three >= AMONG_THREE) == (True, True), missed


def test_there_are_three_hundred_and_each_is_listed_once():
    phrases = [words for said in PHRASES["meant"].values() for words in said]
    assert len(phrases) == len(set(phrases)) >= 300


@pytest.mark.django_db
def test_named_ones(found):
    named = {
        "高龄的钱": "gaoling-jintie",
        "老人钱": "gaoling-jintie",
        "交电费": "shuidian-jiaofei",
        "社保卡丢了": "shebao-ka",
        "低宝": "dibao",
        "高令": "gaoling-jintie",
    }
    assert {words: found(words)[:1] for words in named} == {words: [code] for words, code in named.items()}


@pytest.mark.django_db
def test_what_means_nothing_here_is_no_item(found):
    assert {words: found(words) for words in PHRASES["nothing"]["phrases"] if found(words)} == {}
    assert len(PHRASES["nothing"]["phrases"]) == 30


@pytest.mark.django_db
def test_a_relative_is_understood_and_does_not_hide_the_item(found):
    meant = {words: (bool(search.relation(words)), found(words)[:1]) for words in PHRASES["family"]}
    assert meant == {words: (True, [code]) for words, code in PHRASES["family"].items()}
    assert search.relation("高龄补贴") == ""
