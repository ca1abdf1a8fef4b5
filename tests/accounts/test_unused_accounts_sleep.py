"""A code proves a number, and after long the number may be somebody else's: the account sleeps until they are seen."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centers.duty import swaps
from centers.models import FamilyLink
from centers.people.family import links_of
from portal.accounts.models import User
from tests import factories
from tests.accounts.conftest import PASSWORD, ask_for_code, give_code, sign_in

PHONE = "13800005678"


@pytest.fixture
def village():
    return factories.DivisionFactory(code="990101100201", name="柳湾村村民委员会")


@pytest.fixture
def booking(villager, village):
    """What she booked while signed in, with the daughter that she is family of."""
    center = factories.CenterFactory(division=village)
    resident = factories.ResidentFactory(division=village, name="张桂兰", phone=PHONE)
    factories.FamilyLinkFactory(user=villager, resident=resident, relation=FamilyLink.Relation.SELF)
    FamilyLink.objects.update(agreed_at=timezone.now() - timedelta(days=200))
    return factories.AppointmentFactory(
        center=center, resident=resident, booked_by=villager, booked_at=timezone.now() - timedelta(days=1)
    )


def after(villager, days: int, sent) -> Client:
    """A client that signs in by code so many days after the account was used."""
    User.objects.filter(pk=villager.pk).update(last_login=timezone.now() - timedelta(days=days))
    client = Client()
    ask_for_code(client, PHONE)
    give_code(client, sent[-1][1])
    return client


def me(client) -> str:
    return client.get(reverse("me")).content.decode()


@pytest.mark.parametrize(("days", "asleep"), [(89, False), (91, True)])
def test_after_ninety_days_bookings_family_and_name_sleep(villager, booking, sent, days, asleep):
    html = me(after(villager, days, sent))

    assert (booking.link not in html, "张桂兰" not in html, "到村里的中心见个面" in html) == (asleep,) * 3
    villager.refresh_from_db()
    assert (links_of(villager) == []) == asleep


def test_what_is_booked_from_then_on_is_shown(villager, booking, sent):
    client = after(villager, 91, sent)
    new = factories.AppointmentFactory(center=booking.center, item=booking.item, booked_by=villager)

    html = me(client)
    assert new.link in html and booking.link not in html


def test_it_goes_on_sleeping_at_the_next_sign_in(villager, booking, sent):
    after(villager, 91, sent)
    villager.refresh_from_db()
    since = villager.asleep_since
    User.objects.filter(pk=villager.pk).update(asleep_since=since - timedelta(hours=1))
    client = Client()
    client.force_login(villager)

    assert booking.link not in me(client)


def test_the_center_has_seen_them_and_all_is_there_again(villager, booking, sent):
    client = after(villager, 91, sent)
    cadre = factories.MembershipFactory(division=booking.center.division).user
    desk = Client()
    desk.force_login(cadre)
    assert "张桂兰" in desk.get(reverse("desk_people")).content.decode()

    desk.post(reverse("desk_seen", args=[villager.pk]))

    html = me(client)
    assert booking.link in html and "张桂兰" in html


def test_another_center_cannot_wake_them(villager, booking, sent):
    after(villager, 91, sent)
    theirs = factories.CenterFactory(division=factories.DivisionFactory(code="990101101201", name="石桥村村民委员会"))
    desk = Client()
    desk.force_login(factories.MembershipFactory(division=theirs.division).user)

    assert desk.post(reverse("desk_seen", args=[villager.pk])).status_code == 404
    assert User.objects.get(pk=villager.pk).asleep_since


def test_a_password_proves_the_person(client, villager, booking):
    User.objects.filter(pk=villager.pk).update(last_login=timezone.now() - timedelta(days=91))
    sign_in(client, "zhang", PASSWORD)

    assert booking.link in me(client)


@pytest.fixture
def agent(villager, booking):
    factories.MembershipFactory(user=villager, division=booking.center.division)
    return villager


@pytest.mark.parametrize(("days", "status"), [(89, 200), (91, 403)])
def test_a_role_sleeps_with_its_account(agent, sent, days, status):
    assert after(agent, days, sent).get(reverse("desk_book")).status_code == status


def test_who_sleeps_cannot_wake_their_own_account(agent, sent):
    after(agent, 91, sent).post(reverse("desk_seen", args=[agent.pk]))

    assert User.objects.get(pk=agent.pk).asleep_since


def test_a_colleague_has_seen_them_and_they_work_again(agent, booking, sent):
    FamilyLink.objects.all().delete()
    User.objects.filter(pk=agent.pk).update(phone="13800005679")  # nobody's number in the village
    client = Client()
    client.force_login(agent)
    User.objects.filter(pk=agent.pk).update(asleep_since=timezone.now())
    assert client.get(reverse("desk_book")).status_code == 403
    desk = Client()
    desk.force_login(factories.MembershipFactory(division=booking.center.division).user)

    desk.post(reverse("desk_seen", args=[agent.pk]))

    assert client.get(reverse("desk_book")).status_code == 200


@pytest.mark.parametrize(("days", "is_shown"), [(89, True), (91, False)])
def test_what_was_said_to_them_at_work_sleeps_as_well(villager, booking, sent, days, is_shown):
    staff = factories.StaffFactory(center=booking.center, name="孙梅", user=villager)
    shift = factories.DutyShiftFactory(staff=factories.StaffFactory(center=booking.center, name="刘晓敏"))
    swaps.ask(
        shift=shift, taker=staff, by=factories.MembershipFactory(division=booking.center.division, role="manager").user
    )

    page = after(villager, days, sent).get(reverse("inbox")).content.decode()

    assert ("刘晓敏" in page) == is_shown
