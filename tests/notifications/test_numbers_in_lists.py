"""P1, P4: no column of a message that the admin's list shows or searches holds a number."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from portal.notifications import services
from portal.notifications.models import Message
from portal.ui.words import masked_phone
from tests import factories
from tests.appointments.steps import book
from tests.centers.test_admin_scope import administrator, as_superuser  # noqa: F401

pytestmark = pytest.mark.django_db
PHONE = "13900002222"
LISTED = reverse("admin:notifications_message_changelist")


@pytest.fixture
def code():
    services.send_login_code(PHONE, "482913", timezone.now() + timedelta(minutes=5))
    return Message.objects.get(kind="login_code")


@pytest.fixture
def confirmation(slot, item, village):
    book(slot, item, factories.ResidentFactory(division=village, phone=PHONE))
    return Message.objects.filter(address=PHONE).first()


@pytest.mark.parametrize("kind", ["code", "confirmation"])
def test_what_is_listed_or_searched_holds_no_number(request, kind):
    message = request.getfixturevalue(kind)
    pages = admin.site._registry[Message]
    columns = {name for name in (*pages.list_display, *pages.search_fields) if not hasattr(pages, name)}

    assert message.address == PHONE
    assert [name for name in columns if PHONE in str(getattr(message, name))] == []


def test_the_list_shows_it_masked(as_superuser, code):  # noqa: F811
    html = as_superuser.get(LISTED).content.decode()

    assert masked_phone(PHONE) in html
    assert PHONE not in html


@pytest.mark.parametrize("typed", [PHONE, PHONE[:7], f"login:{PHONE[:3]}"])
def test_it_is_not_found_digit_by_digit(as_superuser, code, typed):  # noqa: F811
    found = [as_superuser.get(LISTED, {"q": asked}).context["cl"].result_count for asked in (code.subject, typed)]

    assert found == [1, 0]


def test_two_codes_of_one_moment_are_two_messages(time_machine):
    time_machine.move_to("2026-03-02T09:00:00+08:00", tick=False)
    for phone in (PHONE, PHONE, "13900003333"):
        services.send_login_code(phone, "482913", timezone.now() + timedelta(minutes=5))

    assert Message.objects.filter(kind="login_code").count() == 3


def test_keys_of_earlier_releases_lose_the_number(code):
    for number in range(2):
        factories.MessageFactory(
            kind="login_code",
            subject=f"login:1390000222{number}",
            person=f"phone:1390000222{number}",
            state="sent",
        )
    other = factories.MessageFactory()

    assert services.forget_old() == 2
    assert services.forget_old() == 0
    assert not Message.objects.filter(subject__contains="13900002").exists()
    assert not Message.objects.filter(person__contains="13900002").exists()
    assert set(Message.objects.filter(pk__in=[code.pk, other.pk]).values_list("subject", "person")) == {
        (code.subject, code.person),
        (other.subject, other.person),
    }


def test_a_year_later_nothing_of_the_number_is_left(code):
    Message.objects.update(last_error=f"{PHONE} is switched off", detail=PHONE)

    services.forget_old(timezone.now() + timedelta(days=370))

    assert not any(PHONE in str(row) for row in Message.objects.values())
