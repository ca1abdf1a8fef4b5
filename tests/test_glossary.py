"""Officials and engineers call the same thing by one word each, and docs/domain.md says which."""

import re

import pytest
from django.conf import settings
from django.utils.translation import override

from portal.accounts.roles import Permission, Role
from tests.test_architecture import our_models
from tests.test_repository import tracked

ROW = re.compile(r"^\| ([^|]+) \| (`[^|]+`) \| ([^|]+) \|$", re.MULTILINE)


def glossary() -> list[tuple[str, list[str], str]]:
    """Rows of Chinese, names in the code, English."""
    text = (settings.BASE_DIR / "docs" / "domain.md").read_text().partition("\n## Glossary\n")[2]
    return [(chinese, re.findall("`([^`]+)`", code), english) for chinese, code, english in ROW.findall(text)]


def named(name: str) -> list[str]:
    return [chinese for chinese, names, _english in glossary() if names == [name]]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_model_is_named_as_its_users_read_it(model):
    with override("zh-hans"):
        assert str(model._meta.verbose_name) in named(model.__name__)


@pytest.mark.parametrize("member", [*Role, *Permission], ids=repr)
def test_every_role_and_permission_is_named_as_its_users_read_it(member):
    with override("zh-hans"):
        assert named(f"{type(member).__name__}.{member.name}") == [member.label]


def test_every_name_in_the_glossary_is_used_in_the_code():
    source = "\n".join(path.read_text() for path in tracked("*.py", ":!tests", ":!*/migrations/*"))
    names = {name.rpartition(".")[2] for _chinese, names, _english in glossary() for name in names}

    assert sorted(name for name in names if not re.search(rf"\b{name}\b", source)) == []


def test_no_chinese_word_has_two_rows():
    words = [chinese for chinese, _names, _english in glossary()]

    assert sorted({word for word in words if words.count(word) > 1}) == []
