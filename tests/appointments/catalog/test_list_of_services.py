"""The list of services on a center's pages, which is rendered once for all centers that offer the same."""

import pytest
from django.urls import reverse

from appointments.catalog import services as catalog
from appointments.catalog.offered import items_at, offers_at
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["center", "book"])
def page(request, client):
    return lambda center: client.get(reverse(request.param, args=[center.code])).content.decode()


def test_each_center_leads_to_its_own_booking_page(page, item, center, other_center):
    for here in (center, other_center):
        shown = page(here)
        assert f"/centers/{here.code}/book/{item.code}/" in shown
        assert "000000000000" not in shown


def test_a_new_version_is_shown_at_once(page, item, center, officer):
    assert str(item) in page(center)
    catalog.revise(item=item, by=officer, everyday_name="老人钱<b>")
    shown = page(center)
    assert "老人钱&lt;b&gt;" in shown and str(item) not in shown


def test_an_ended_item_is_gone_at_once(page, item, center, officer):
    page(center)
    catalog.end(item=item, by=officer)
    assert f"/book/{item.code}/" not in page(center)


def test_another_language_is_another_list(client, item, center):
    for language, word in [("zh-hans", "1件"), ("en", "1 service")]:
        client.cookies["language"] = language
        assert word in client.get(reverse("center", args=[center.code])).content.decode()


def test_it_is_the_list_of_items(center, village, item):
    """Of each code the version of the nearest division, by category."""
    factories.ServiceItemFactory(division=village, code=item.code, everyday_name="本村的")
    factories.ServiceItemFactory(division=item.division, code="zzz", category="living")
    assert [offer.code for offer in offers_at(center)] == [found.code for found in items_at(center)]
    assert [str(offer) for offer in offers_at(center)] == [str(found) for found in items_at(center)]
