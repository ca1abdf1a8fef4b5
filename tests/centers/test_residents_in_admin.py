"""A resident who is listed already is a sentence in the admin's form, by whatever spelling."""

import pytest

from centers.models import Resident
from tests import factories
from tests.centers.test_sheets import as_superuser, page  # noqa: F401

pytestmark = pytest.mark.django_db

LISTED = "这位居民已经登记过"


def typed(village, **changes) -> dict:
    texts = {"name": "李　四", "phone": "138-0000-5678", "villager_group": "", "remark": ""}
    return {"division": village.pk, "created_at_0": "2026-01-01", "created_at_1": "10:00:00"} | texts | changes


@pytest.fixture
def known(village):
    return factories.ResidentFactory(division=village, name="李四", phone="13800005678")


def test_one_more_is_refused(as_superuser, village, known):  # noqa: F811
    answer = as_superuser.post(page(Resident, "add"), typed(village))

    assert LISTED in answer.content.decode()
    assert Resident.objects.get() == known


def test_another_comes_in(as_superuser, village, known):  # noqa: F811
    answer = as_superuser.post(page(Resident, "add"), typed(village, phone="138-0000-5679"))

    assert answer.status_code == 302
    assert Resident.objects.count() == 2


def test_nor_is_another_renamed_to_them(as_superuser, village, known):  # noqa: F811
    other = factories.ResidentFactory(division=village, name="王五", phone="13800005678")
    address = page(Resident, "changelist") + f"{other.pk}/change/"

    assert LISTED in as_superuser.post(address, typed(village)).content.decode()
    assert as_superuser.post(address, typed(village, name="王　六")).status_code == 302


def test_a_namesake_without_a_phone_needs_something_that_tells_them_apart(as_superuser, village):  # noqa: F811
    factories.ResidentFactory(division=village, name="李四", phone="")

    refused = as_superuser.post(page(Resident, "add"), typed(village, phone=""))
    assert "一句话分清" in refused.content.decode()
    taken = as_superuser.post(page(Resident, "add"), typed(village, phone="", remark="东头的"))
    assert taken.status_code == 302


def test_a_row_that_waits_to_be_joined_can_be_changed(as_superuser, village, known):  # noqa: F811
    twin = factories.ResidentFactory(division=village, name="李四", phone="13800005678", twin_of=known)
    address = page(Resident, "changelist") + f"{twin.pk}/change/"

    assert as_superuser.post(address, typed(village, villager_group="三组")).status_code == 302
