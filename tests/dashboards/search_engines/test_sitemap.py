"""The sitemap lists public pages that answer, in files of bounded size whatever the number of centers."""

import xml.etree.ElementTree as ElementTree
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from centers.models import Center, Division
from portal.dashboards.search_engines import views
from tests import factories

pytestmark = pytest.mark.django_db


def listed(client, path: str) -> list[str]:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    return [place.text for place in ElementTree.fromstring(answer.content).iter() if place.tag.endswith("}loc")]


def every_page(client) -> list[str]:
    return [page for file in listed(client, "/sitemap.xml") for page in listed(client, urlsplit(file).path)]


def test_it_lists_centers_and_items(client, center, item, settings):
    settings.SITE_URL = "https://portal.example"

    assert every_page(client) == [
        f"https://portal.example{path}"
        for path in ("/", "/centers/", "/items/", f"/items/{item.code}/", f"/centers/{center.code}/")
    ]


def test_each_page_that_it_lists_is_there_for_a_stranger(client, center, other_center, item):
    factories.ServiceItemFactory(division=other_center.division, code="another")

    pages = every_page(client)

    assert len(pages) == 3 + 2 + 2
    assert {client.get(urlsplit(page).path).status_code for page in pages} == {200}


def test_what_is_closed_merged_or_no_longer_offered_is_not_listed(client, center, other_center, item):
    Center.objects.filter(pk=other_center.pk).update(is_active=False)
    type(item).objects.filter(pk=item.pk).update(valid_to="2026-01-01")

    assert [urlsplit(page).path for page in every_page(client)] == [
        "/",
        "/centers/",
        "/items/",
        reverse("center", args=[center.code]),
    ]


@pytest.fixture
def many(county) -> int:
    number = 5_200
    villages = [
        Division(
            code=f"99010110{1000 + place:04d}",
            name=f"村{place}",
            level=Division.Level.VILLAGE,
            valid_from=county.valid_from,
        )
        for place in range(number)
    ]
    Division.objects.bulk_create(villages)
    Center.objects.bulk_create(Center(division=village, name=f"{village.name}中心") for village in villages)
    return number


def test_five_thousand_centers_make_six_files_of_bounded_size(client, many, django_assert_max_num_queries):
    files = listed(client, "/sitemap.xml")
    assert len(files) == 1 + 6

    seen = []
    for file in files:
        with django_assert_max_num_queries(1):
            found = listed(client, urlsplit(file).path)
        assert len(found) <= views.IN_A_FILE
        assert len(client.get(urlsplit(file).path).content) < 1_000_000
        seen += found
    assert len(seen) == len(set(seen)) == many + 3


@pytest.mark.parametrize("number", ["0", "2", "100001", "99999999999999999999"])
def test_a_file_that_is_not_there_is_not_found(client, center, number):
    assert client.get(f"/sitemap-centers-{number}.xml").status_code == 404


def test_the_icon_is_one(client):
    answer = client.get("/favicon.ico")

    assert answer.content.startswith(b"\x00\x00\x01\x00") and answer["Content-Type"] == "image/vnd.microsoft.icon"
    assert answer["Cache-Control"] == "public, max-age=86400"
