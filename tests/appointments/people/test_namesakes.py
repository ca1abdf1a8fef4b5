"""Two people of one name without a phone are two people: the desk asks, and a group or a remark tells them apart."""

import pytest
from django.urls import reverse

from centers.models import Resident
from centers.people import residents
from tests import factories

pytestmark = pytest.mark.django_db
WHO = "/desk/book/"


@pytest.fixture
def client(signed_in, cadre, center):
    return signed_in(cadre)


@pytest.fixture
def first(village):
    return factories.ResidentFactory(division=village, name="张伟", phone="", villager_group="一组")


def test_the_desk_asks_whether_it_is_this_one(client, first):
    page = client.post(WHO, {"name": "张　伟", "phone": ""})

    html = page.content.decode()
    assert page.status_code == 200 and "是这一位吗" in html and "一组" in html
    assert reverse("desk_book_item", args=[first.pk]) in html
    assert Resident.objects.count() == 1


def test_who_is_another_is_listed_with_what_tells_them_apart(client, first):
    answer = client.post(WHO, {"name": "张伟", "phone": "", "villager_group": "二组", "another": "1"})

    second = Resident.objects.exclude(pk=first.pk).get()
    assert answer["Location"] == reverse("desk_book_item", args=[second.pk])
    assert (second.name, second.villager_group) == ("张伟", "二组")


def test_a_remark_tells_two_of_one_group_apart(client, first):
    client.post(WHO, {"name": "张伟", "villager_group": "一组", "remark": "东头的", "another": "1"})

    assert sorted(Resident.objects.values_list("villager_group", "remark")) == [("一组", ""), ("一组", "东头的")]


def test_another_with_nothing_to_tell_them_apart_is_refused(client, first):
    page = client.post(WHO, {"name": "张伟", "villager_group": "一组", "another": "1"}).content.decode()

    assert "光看名字分不清" in page and Resident.objects.count() == 1


def test_who_gives_a_phone_now_may_be_the_one_without(client, first):
    assert "是这一位吗" in client.post(WHO, {"name": "张伟", "phone": "13800001111"}).content.decode()


def test_a_known_phone_and_a_new_name_are_not_asked_about(client, first, village):
    known = factories.ResidentFactory(division=village, name="张伟", phone="13800001111")

    assert client.post(WHO, {"name": "张伟", "phone": "138 0000 1111"})["Location"].endswith(f"/{known.pk}/")
    assert client.post(WHO, {"name": "孙小美", "phone": ""}).status_code == 302


def test_a_case_is_opened_for_the_right_one_as_well(client, first):
    assert "是这一位吗" in client.post("/desk/cases/new/", {"name": "张伟"}).content.decode()


def test_the_service_makes_two_of_two_groups(village):
    one, two, again = (
        residents.find_or_create(division=village, name=name, phone="", villager_group=group)
        for name, group in (("张伟", "一组"), ("张伟", "二组"), ("张 伟", "一组"))
    )
    assert one != two and one == again
