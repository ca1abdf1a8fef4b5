"""Documentation and code agree: variables, commands, links."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from portal import env
from tests.test_repository import tracked

ROOT = settings.BASE_DIR
ROOTS = "appointments|assessments|benchmarks|centers|deploy|docs|portal|static|templates|tests"
FILE = re.compile(rf"(?<![\w./-])((?:{ROOTS})/[\w/.-]+\.(?:py|html|css|js|md))")
MODULE = re.compile(r"(?<![\w./-])((?:appointments|assessments|benchmarks|centers|portal)(?:\.[a-z_]+)+)(?![\w(/])")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")

documents = tracked("*.md")


def text(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("name", sorted(env.documented))
def test_every_environment_variable_is_documented(name):
    assert f"`{name}`" in text("docs/configuration.md")
    assert re.search(rf"^#? ?{name}=", text(".env.example"), re.MULTILINE)


def test_no_variable_is_documented_that_nobody_reads():
    named = re.findall(r"^\| `([A-Z_]+)`", text("docs/configuration.md"), re.MULTILINE)
    # Read by `make demo` and by the test run, which are not the portal.
    elsewhere = {"PORT", "HOST", "CHROMIUM", "REQUIRE_BROWSER", *re.findall(r"\$\{(\w+)", text("docker-compose.yml"))}

    assert set(named) - env.documented - elsewhere == set()


@pytest.mark.parametrize("document", documents, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_in_a_document_leads_somewhere(document: Path):
    targets = [target.partition("#")[0] for target in LINK.findall(document.read_text())]
    local = [target for target in targets if target and not target.startswith(("http:", "https:", "mailto:"))]

    assert [target for target in local if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", documents, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_in_a_document_exists(document: Path):
    words = document.read_text()
    managed = set(re.findall(r"manage\.py ([a-z_]+)", words))
    made = set(re.findall(r"`make ([a-z-]+)", words))

    assert managed - set(get_commands()) == set()
    assert made - set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE)) == set()


@pytest.mark.parametrize("path", [*documents, *tracked("*.py", "*.html")], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_named_exists(path: Path):
    """In documents and comments too: after a move they would lead nowhere. Templates go by their own folder."""
    named = {name for name in FILE.findall(path.read_text()) if "example" not in name}
    assert [
        name for name in sorted(named) if not (ROOT / name).exists() and not (ROOT / "templates" / name).exists()
    ] == []


@pytest.mark.parametrize("document", documents, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_that_a_document_names_exists(document: Path):
    def leads_somewhere(name: str) -> bool:
        """A module, or something in one; logger names and the like are no paths of ours."""
        parts = name.split(".")
        places = [(ROOT.joinpath(*parts[:length]), parts[length:]) for length in range(len(parts), 1, -1)]
        files = [
            (place, rest) for folder, rest in places for place in (folder.with_suffix(".py"), folder / "__init__.py")
        ]
        return any(place.exists() and (not rest or rest[0] in place.read_text()) for place, rest in files)

    named = set(MODULE.findall(document.read_text()))
    assert [name for name in sorted(named) if not leads_somewhere(name)] == []


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_readme_names_the_commands_to_begin_with(command):
    assert command in text("README.md")


def test_the_manual_shows_its_pages():
    pages = [path for path in documents if path.parent.name == "manual"]

    assert pages
    assert [page.name for page in pages if page.name != "README.md" and not LINK.search(page.read_text())] == []


@pytest.mark.parametrize(
    "name", ["demo", "demo-reset", "test", "bench", "lint", "requirements", "migrations", "messages"]
)
def test_make_knows_every_command_of_the_contract(name):
    assert re.search(rf"^{name}:", text("Makefile"), re.MULTILINE)
