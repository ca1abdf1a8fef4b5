"""A center is found by what its village was called before, and by the villages and centers that went into it."""

from datetime import date

import pytest
from django.urls import reverse

from centers.models import Division
from centers.services import succession
from tests import factories
from tests.api.conftest import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(client):
    def found(words: str) -> list[str]:
        """Codes, the same on the page and by the API."""
        codes = [row["code"] for row in client.get(f"{ROOT}centers", {"q": words}).json()["items"]]
        page = client.get(reverse("centers"), {"q": words}).content.decode()
        assert all(reverse("center", args=[code]) in page for code in codes)
        assert bool(codes) is ("没有找到" not in page)
        return codes

    return found


def renamed(village):
    named = succession.Named("990101100231", "青石社区居委会", "qingshishequ", "qssq")
    succession.recode([(village, named)], on=date(2026, 11, 1))


def merged(village):
    new = factories.DivisionFactory(code="990101100231", name="青石社区居委会", pinyin="qingshishequ", initials="qssq")
    factories.CenterFactory(division=new, name="青石社区党群服务中心")
    Division.objects.filter(pk=village.pk).update(valid_to=date(2026, 11, 1))
    succession.succeed(old=village, new=new, by=None)


@pytest.mark.parametrize("change", [renamed, merged])
@pytest.mark.parametrize("words", ["柳湾", "柳湾村党群", "lwc", "liuwan", "青石", "qssq", "990101100201"])
def test_by_any_name(center, village, found, change, words):
    factories.CenterFactory(division__code="990101100240", division__name="桃林村村民委员会")
    change(village)

    assert found(words) == ["990101100231"]


def test_by_the_name_that_a_merged_village_had_before(center, village, found):
    named = succession.Named(village.code, "杏花村村民委员会", "xinghuacun", "xhc")
    succession.recode([(village, named)], on=date(2026, 10, 1))
    village.refresh_from_db()
    merged(village)

    assert [found(words) for words in ("杏花", "柳湾村村民", "xhc", "lwc")] == [["990101100231"]] * 4


def test_what_was_never_called_so_is_not_found(center, village, found):
    merged(village)

    assert found("桃林") == []
