"""A signed-in villager sees what they booked, and of what was booked with their number what is recent, names masked."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.appointments import villager as browser
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def shopkeeper(db):
    """The shop's number stands for many."""
    return factories.UserFactory(name="孙店主", phone="13800001111", phone_verified_at=timezone.now())


@pytest.fixture
def neighbours(center, item, village):
    resident = factories.ResidentFactory(division=village, name="石大山", phone="13800001111")
    return factories.AppointmentFactory(resident=resident, center=center, item=item)


def seen(signed_in, user) -> str:
    return signed_in(user).get(reverse("me")).content.decode()


def test_what_lies_ahead_with_their_number_is_shown_with_the_name_masked(signed_in, shopkeeper, neighbours):
    html = seen(signed_in, shopkeeper)

    assert neighbours.link in html and "石*山" in html and "石大山" not in html


@pytest.mark.parametrize(("days", "shown"), [(29, True), (31, False)])
def test_what_is_over_is_shown_for_thirty_days(signed_in, shopkeeper, neighbours, days, shown):
    neighbours.starts_at = timezone.now() - timedelta(days=days)
    neighbours.ends_at = neighbours.starts_at + timedelta(minutes=30)
    neighbours.save()

    assert (neighbours.link in seen(signed_in, shopkeeper)) == shown


def test_what_they_booked_while_signed_in_is_shown_for_good_and_by_name(signed_in, shopkeeper, neighbours):
    neighbours.booked_by, neighbours.phone = shopkeeper, "13900002222"
    neighbours.starts_at, neighbours.ends_at = at(-200, 9), at(-200, 10)
    neighbours.save()

    html = seen(signed_in, shopkeeper)
    assert neighbours.link in html and "石大山" in html


def test_what_staff_booked_for_others_is_not_theirs(signed_in, cadre, neighbours):
    neighbours.booked_by, neighbours.channel = cadre, "phone"
    neighbours.save()

    assert neighbours.link not in seen(signed_in, cadre)


def test_a_number_that_is_not_proven_shows_nothing(signed_in, shopkeeper, neighbours):
    shopkeeper.phone_verified_at = None
    shopkeeper.save()

    assert neighbours.link not in seen(signed_in, shopkeeper)


def test_an_account_by_code_gets_its_name_from_the_first_booking_for_itself(client, signed_in, slot, item):
    user = factories.UserFactory(username="v72ec0a1b2c3d", name="", phone="13700001111")
    user.set_unusable_password()
    user.save()
    mine = signed_in(user)
    assert "v72ec" not in mine.get(reverse("me")).content.decode()

    browser.book(mine, slot, item)

    assert "李秀英，您好" in mine.get(reverse("me")).content.decode()


def test_a_booking_for_the_family_names_nobody(signed_in, slot, item):
    user = factories.UserFactory(name="", phone="13700001111")
    user.set_unusable_password()
    user.save()
    browser.book(signed_in(user), slot, item, who="family", contact_name="王建军", relation="child")
    user.refresh_from_db()

    assert user.name == ""
