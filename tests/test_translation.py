"""Chinese is the source language; whatever a person reads is marked, and English is complete.

Written without gettext's own tools, which a fresh machine does not have.
"""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

from tests.test_repository import tracked
from tests.test_templates import COMMENT, TEMPLATES

ROOT = settings.BASE_DIR
ENGLISH = ROOT / "locale" / "en" / "LC_MESSAGES"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MARKERS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
# Chinese that is data and not interface.
DATA = (
    "portal/logs.py",  # words in front of a number that must not be logged
    "portal/demo.py",  # what `make demo` prints in a terminal
    "portal/settings.py",  # a signature and a sender that each place sets for itself
    "portal/ui/styleguide.py",  # samples
    "*/api.py",  # describes itself to engineers of the county's own apps, in one language
    "appointments/booking/schemas.py",  # so do its descriptions and examples
    "centers/short_names.py",  # how official names end is data
    "centers/importing/*",  # the headings of officials' spreadsheets are a format, and how they spell is data
    "portal/ui/dates.py",  # how people write a date
    "portal/ui/sheets/headers.py",  # what they call the columns of a sheet
    "centers/sheets/kinds.py",  # the columns and example rows of templates
    "centers/holidays/wording.py",  # the words of the State Council's notices are a format
    "centers/holidays/rows.py",  # the headings and words of a sheet of days off too
    "docs/*",  # takes the manual's pictures
    "*/management/commands/*",  # speak to the person who runs them
    "portal/dashboards/demo/*",  # the demo's people and places
    "*/migrations/*",  # history: the models hold the marked string
)
# How places are named in the official list, and what this product is called: the same in every language.
NAMES = {"村民委员会", "村委会", "村", "社区居民委员会", "社区", "居民委员会", "居委会", "党群服务中心", "家门口"}

source_files = tracked("*.py", ":!tests", ":!benchmarks", *(f":!{pattern}" for pattern in DATA))
templates = sorted(path for path in TEMPLATES.rglob("*.*") if path.suffix in (".html", ".txt"))


@pytest.mark.parametrize("path", source_files, ids=lambda path: str(path.relative_to(ROOT)))
def test_chinese_in_code_is_marked(path):
    tree = ast.parse(path.read_text())
    spoken_elsewhere = set(docstrings(tree)) | {
        id(part) for call in marked_calls(tree) for argument in call.args for part in ast.walk(argument)
    }

    assert [
        f"line {node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CHINESE.search(node.value)
        and node.value not in NAMES
        and id(node) not in spoken_elsewhere
    ] == []


@pytest.mark.parametrize(
    "path",
    [path for path in templates if path.name != "styleguide.html"],  # its samples are data
    ids=lambda path: str(path.relative_to(TEMPLATES)),
)
def test_chinese_in_templates_is_marked(path):
    text = COMMENT.sub("", path.read_text())
    text = re.sub(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", "", text, flags=re.DOTALL)
    text = re.sub(r"""{%-?\s*trans(?:late)?\s+(?:"[^"]*"|'[^']*').*?%}""", "", text)
    text = re.sub(r"""_\((?:"[^"]*"|'[^']*')\)""", "", text)

    assert [line.strip() for line in text.splitlines() if CHINESE.search(line)] == []


def test_every_marked_string_has_an_english_one():
    english = catalogue()
    marked = {text for path in source_files for text in marked_in_code(path)}
    marked |= {text for path in templates for text in marked_in_template(path)}

    assert sorted(text for text in marked if CHINESE.search(text) and not english.get(text)) == []


def docstrings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield id(first.value)


def marked_calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in MARKERS:
            yield node


def marked_in_code(path: Path) -> Iterator[str]:
    for call in marked_calls(ast.parse(path.read_text())):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        strings = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
        # A context comes first in pgettext, a plural second in ngettext; catalogues are keyed by the singular.
        yield from strings[1:2] if name.startswith("p") else strings[:1]


def marked_in_template(path: Path) -> Iterator[str]:
    """What Django's own extraction sees: it turns a template into something that looks like Python."""
    for match in re.finditer(
        r"\b_?(?:n?gettext)?\(u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", templatize(path.read_text())
    ):
        yield ast.literal_eval(match[1])


def catalogue() -> dict[str, str]:
    """What the compiled catalogue holds; that is what the portal reads."""
    compiled = ENGLISH / "django.mo"
    if not compiled.exists():
        return {}
    with compiled.open("rb") as file:
        translations = gettext.GNUTranslations(file)._catalog
    return {key[0] if isinstance(key, tuple) else key.split("\x04")[-1]: text for key, text in translations.items()}
