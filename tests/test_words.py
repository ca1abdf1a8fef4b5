"""Comments, docstrings, names and docs use the terms that engineers search for, and not paraphrases of them."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_repository import ROOT, tracked
from tests.test_templates import COMMENT

SCOPE = ["*.py", "*.md", "*.html"]

# (paraphrase, the term, a sentence in which it is found)
PARAPHRASES = [
    (r"without an? line|\bthe line\b(?! of)", "offline, connection", "marks that were made without a line"),
    (r"data care", "admin", "read in the data care"),
    (r"record of changes", "audit log", "noted in the record of changes"),
    (r"\bbells?\b|\brings? (?:at|the|again)\b", "wake-up", "Redis rings at the worker"),
    (r"\bcarr(?:y|ies|ied|ying)\b.{0,40}? over\b", "checkpoint, copy", "the log is carried over less often"),
    (r"\bcarr(?:y|ies|ied|ying) (?:a |the |this )?cases?\b", "handle a case", "who carries cases at this center"),
    (r"\bcase is carried\b", "handle a case", "a case is carried through"),
    (r"\bin line\b(?! with)|\bthe line of people\b", "waiting list, queue", "the first of two in line"),
    (r"\bh[oe]ld(?:s|ing)? back\b", "cooldown", "the place is held back for a while"),
    (r"\btwice is once\b|\btwice, once\b", "idempotent", "Mark as arrived; twice is once."),
    (r"\bin a circle\b", "deadlock", "so that nobody waits in a circle"),
    (r"\bjudged by the database\b", "conditional UPDATE", "claimed and judged by the database"),
    (r"\bfollow one another\b", "serialized", "bookings of one person follow one another"),
    (r"\bwho(?:ever)? (?:has )?looked\b", "audit log of views", "with the number in full: who looked is kept"),
    (r"\b(?:second|another) finger\b", "double tap", "a second finger on the same button"),
    (r"\bis forgotten of\b", "retention, anonymization", "What is forgotten of bookings"),
    (r"\bwithout a script\b", "without JavaScript", "it works without a script"),
    (r"\b(?:the|a) number in (?:the|their) hand\b", "ticket", "the number in their hand"),
    (r"\bagainst forgery\b", "CSRF protection", "a token against forgery"),
]


@pytest.mark.parametrize("path", tracked(*SCOPE), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_paraphrase_stands_for_a_term(path):
    assert paraphrases_in(prose_of(path)) == []


@pytest.mark.parametrize(("pattern", "term", "sentence"), PARAPHRASES)
def test_each_paraphrase_is_found_in_its_sentence(pattern, term, sentence):
    assert term in [say for _found, say in paraphrases_in([sentence])]


def test_names_comments_and_docstrings_are_read_and_strings_are_not(tmp_path):
    module = tmp_path / "module.py"
    module.write_text('"""On the\nadmin."""\n\n\ndef line_of(page):\n    # one\n    # two\n    return "data care"\n')

    assert list(prose_of(module)) == ["On the\nadmin.", "line of", "one two"]


def test_of_a_template_only_comments_are_read(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("{# data care #}<p>record of changes</p>")

    assert paraphrases_in(prose_of(page)) == [("data care", "admin")]


def paraphrases_in(prose: Iterator[str] | list[str]) -> list[tuple[str, str]]:
    """(words found, term to use instead) of each paraphrase."""
    texts = [" ".join(text.split()) for text in prose]
    return [
        (found[0], term)
        for text in texts
        for pattern, term, _sentence in PARAPHRASES
        for found in re.finditer(pattern, text, re.IGNORECASE)
    ]


def prose_of(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield text
    elif path.suffix == ".html":
        yield from COMMENT.findall(text)
    else:
        yield from _docstrings_and_names(ast.parse(text))
        yield from _comments(text)


def _docstrings_and_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if not isinstance(node, ast.Module):
                yield node.name.replace("_", " ").strip()
            if docstring := ast.get_docstring(node):
                yield docstring


def _comments(text: str) -> Iterator[str]:
    """Comments; those on consecutive lines are one, so that a phrase over a line break is found."""
    block: list[str] = []
    last = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        if block and token.start[0] != last + 1:
            yield " ".join(block)
            block = []
        block.append(token.string.lstrip("# "))
        last = token.start[0]
    if block:
        yield " ".join(block)
