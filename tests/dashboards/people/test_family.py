"""A family link is registered at the center: both named, both agree; whoever regrets it ends it."""

import pytest
from django.urls import reverse

from centers.models import FamilyLink
from portal.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db
SON = {"name": "王建军", "phone": "13900001234", "relation": "child"}


@pytest.fixture
def desk(signed_in, cadre, center):
    return signed_in(cadre)


def register(desk, resident, **changed):
    return desk.post(reverse("desk_family", args=[resident.pk]), SON | {"agreed": "1"} | changed)


def test_both_are_named_before_anything_is_stored(desk, resident):
    page = desk.post(reverse("desk_family", args=[resident.pk]), SON).content.decode()

    assert "王建军" in page and "王桂兰" in page
    assert not FamilyLink.objects.exists() and not User.objects.filter(phone=SON["phone"]).exists()


def test_then_he_sees_what_she_has(desk, resident, cadre, signed_in):
    register(desk, resident)

    link = FamilyLink.objects.get()
    assert (link.user.phone, link.resident, link.relation, link.agreed_with) == (SON["phone"], resident, "child", cadre)
    assert link.user.phone_verified_at is None
    assert resident.name in signed_in(link.user).get(reverse("me")).content.decode()


def test_a_number_of_somebody_else_says_no_name(desk, resident):
    factories.UserFactory(name="石大山", phone=SON["phone"])

    page = register(desk, resident).content.decode()

    assert "不是这个姓名" in page and "石大山" not in page and not FamilyLink.objects.exists()


def test_oneself_has_the_name_that_is_listed(desk, resident):
    assert register(desk, resident, relation="self").status_code == 422
    assert register(desk, resident, relation="self", name="王桂兰").status_code == 302
    assert FamilyLink.objects.get().relation == "self"


def test_the_desk_ends_it_and_takes_that_back(desk, resident, son):
    link = FamilyLink.objects.get()
    ended = reverse("desk_family_step", args=[link.pk, "end"]), reverse("desk_family_step", args=[link.pk, "again"])

    assert [desk.post(url).status_code for url in ended[:1] * 2] == [302, 302]
    assert FamilyLink.objects.get().ended_at

    desk.post(ended[1])
    assert FamilyLink.objects.get().ended_at is None


def test_what_the_family_ended_is_not_taken_back_at_the_desk(desk, resident, son, signed_in):
    link = FamilyLink.objects.get()
    signed_in(son).post(reverse("me_family_end", args=[link.pk]))

    desk.post(reverse("desk_family_step", args=[link.pk, "again"]))

    assert FamilyLink.objects.get().ended_by == son


class TestTheFamily:
    """Ends it on its own page: who books, and for whom it is booked."""

    def test_either_side_ends_it(self, signed_in, villager, son):
        link = son.family_links.get()
        for user in (son, villager):
            FamilyLink.objects.filter(pk=link.pk).update(ended_at=None, ended_by=None)
            client, address = signed_in(user), reverse("me_family_end", args=[link.pk])
            assert address in client.get(reverse("me")).content.decode()

            client.get(address)
            assert FamilyLink.objects.get(pk=link.pk).ended_at is None

            client.post(address)
            assert FamilyLink.objects.get(pk=link.pk).ended_by == user

    def test_nobody_else_does(self, signed_in, son):
        link = son.family_links.get()
        stranger = factories.FamilyLinkFactory(resident=factories.ResidentFactory(), relation="self").user

        assert signed_in(stranger).post(reverse("me_family_end", args=[link.pk])).status_code == 404
        assert FamilyLink.objects.get(pk=link.pk).ended_at is None
