"""Every template compiles, and every template and name that is referenced exists."""

import ast
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template

from tests.test_addresses import addresses_by_name
from tests.test_repository import tracked

TEMPLATES = settings.BASE_DIR / "templates"


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_template_compiles(path):
    get_template(str(path.relative_to(TEMPLATES)))


def test_every_template_named_in_code_exists():
    named = {
        node.value
        for path in tracked("*.py", ":!tests", ":!benchmarks")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[\w/-]+\.html", node.value)
    }
    for name in sorted(named):
        get_template(name)


def test_every_template_named_in_a_template_exists():
    for name in sorted(named_in_templates(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""")):
        get_template(name)


def test_every_static_file_named_in_a_template_exists():
    names = named_in_templates(r"""{%\s*static\s+["']([^"']+)["']""")

    assert {name for name in names if finders.find(name) is None} == set()


def test_every_address_named_in_a_template_exists():
    names = named_in_templates(r"""{%\s*url\s+["']([^"']+)["']""")
    known = set(addresses_by_name())

    assert {name for name in names if name not in known} == set()


def named_in_templates(pattern: str) -> set[str]:
    return {name for path in TEMPLATES.rglob("*.html") for name in re.findall(pattern, path.read_text())}


def test_no_line_is_too_long_for_a_diff():
    texts = {path: path.read_text().splitlines() for path in TEMPLATES.rglob("*.html")}

    assert [
        f"{path.name}:{n}" for path, lines in texts.items() for n, line in enumerate(lines, 1) if len(line) > 160
    ] == []


POLICY_BREACH = re.compile(
    r"""\sstyle\s*=|<style|\son[a-z]+\s*=|<script(?![^>]*\b(?:src|nonce)=)|javascript:""", re.IGNORECASE
)
COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", re.DOTALL)


def test_no_template_breaks_the_page_policy():
    texts = {path: COMMENT.sub("", path.read_text()) for path in TEMPLATES.rglob("*.html")}

    assert [(path.name, breach[0]) for path, text in texts.items() for breach in POLICY_BREACH.finditer(text)] == []
