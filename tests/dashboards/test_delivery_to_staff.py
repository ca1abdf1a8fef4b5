"""Undelivered messages to staff (swaps, leave): visible to the center's managers only."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from centers.duty import leaves, swaps
from portal.accounts.roles import Role
from portal.notifications.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
PHONE = "13911112222"


@pytest.fixture
def colleague(center):
    return factories.StaffFactory(center=center, name="孙梅", phone=PHONE)


@pytest.fixture
def swap(center, colleague):
    shift = factories.DutyShiftFactory(staff=factories.StaffFactory(center=center, name="刘晓敏"))
    return factories.ShiftSwapFactory(shift=shift, taker=colleague)


@pytest.fixture
def leave(colleague):
    return factories.LeaveFactory(staff=colleague)


@pytest.fixture(params=["swap", "leave"])
def missed(request, colleague) -> Message:
    return not_arrived(request.param, request.getfixturevalue(request.param), colleague)


def not_arrived(kind: str, about, staff, **values) -> Message:
    values = {"state": "failed", "due_at": timezone.now() - timedelta(hours=1), "address": PHONE, **values}
    return factories.MessageFactory(subject=f"{kind}:{about.pk}", person=f"staff:{staff.pk}", **values)


def seen(client) -> str:
    return client.get("/desk/messages/").content.decode()


def test_what_the_services_plan_is_what_the_board_finds(signed_in, manager, center, colleague):
    """With messages planned by the services and not by factories."""
    account = factories.MembershipFactory(division=center.division).user
    her = factories.StaffFactory(center=center, name="刘晓敏", user=account)
    day = timezone.localdate() + timedelta(days=1)
    swaps.ask(shift=factories.DutyShiftFactory(staff=her, date=day), taker=colleague, by=account)
    span = {"first_date": day, "first_part": "morning", "last_date": day, "last_part": "afternoon"}
    leaves.agree(leave=leaves.ask(staff=her, by=account, **span), by=manager)
    Message.objects.exclude(channel="inbox").update(state="failed")

    page = seen(signed_in(manager))
    assert ("孙梅" in page, "刘晓敏" in page) == (True, True)
    assert ("有人想跟您换班" in page, "请假同意了" in page) == (True, True)


def test_the_manager_sees_whom_to_ring_and_where_the_number_stands(signed_in, manager, missed, colleague, center):
    page = seen(signed_in(manager))
    there = f"{reverse('duty_person', args=[colleague.pk])}?center={center.code}"

    assert f'href="{there}"' in page
    assert ("139****2222" in page, PHONE in page) == (True, False)
    assert "139 1111 2222" in signed_in(manager).get(there).content.decode()


@pytest.mark.parametrize("who", ["cadre", "officer", "stranger"])
def test_nobody_else_sees_it(request, signed_in, missed, who):
    assert "孙梅" not in seen(signed_in(request.getfixturevalue(who)))


def test_the_manager_of_another_center_neither_sees_nor_touches_it(signed_in, missed, other_center):
    client = signed_in(factories.MembershipFactory(division=other_center.division, role=Role.MANAGER).user)

    assert "孙梅" not in seen(client)
    for deed in ("again", "called"):
        assert client.post(f"/desk/messages/{missed.pk}/{deed}/").status_code == 404
    missed.refresh_from_db()
    assert missed.state == "failed"


def test_the_manager_sends_it_again(signed_in, manager, missed):
    answer = signed_in(manager).post(f"/desk/messages/{missed.pk}/again/", follow=True)
    missed.refresh_from_db()

    assert (missed.state, "马上再发一次" in answer.content.decode()) == ("pending", True)


def test_the_manager_rings_up_instead_and_is_remembered(signed_in, manager, missed):
    client = signed_in(manager)
    client.post(f"/desk/messages/{missed.pk}/called/")
    missed.refresh_from_db()

    assert (missed.state, missed.called_by) == ("called", manager)
    assert "孙梅" in client.get("/desk/messages/", {"show": "called"}).content.decode()


@pytest.mark.parametrize("deed", ["again", "called"])
@pytest.mark.parametrize(("who", "status"), [("cadre", 403), ("officer", 403), ("stranger", 404), ("villager", 404)])
def test_nobody_else_acts(request, signed_in, missed, deed, who, status):
    assert signed_in(request.getfixturevalue(who)).post(f"/desk/messages/{missed.pk}/{deed}/").status_code == status
    missed.refresh_from_db()
    assert missed.state == "failed"


def test_a_question_about_a_day_that_is_over_is_not_sent_again(signed_in, manager, swap, colleague):
    message = not_arrived("swap", swap, colleague, expires_at=timezone.now() - timedelta(minutes=1))
    answer = signed_in(manager).post(f"/desk/messages/{message.pk}/again/", follow=True)

    assert "请打电话" in answer.content.decode()


def test_twenty_colleagues_cost_as_many_queries_as_one(signed_in, manager, center, django_assert_num_queries):
    client = signed_in(manager)

    def another(number: int) -> None:
        staff = factories.StaffFactory(center=center)
        not_arrived("leave", factories.LeaveFactory(staff=staff), staff)
        shift = factories.DutyShiftFactory(staff=staff, date=timezone.localdate() + timedelta(days=number))
        taker = factories.StaffFactory(center=center)
        not_arrived("swap", factories.ShiftSwapFactory(shift=shift, taker=taker), taker)

    another(0)
    seen(client)
    with CaptureQueriesContext(connection) as one:
        seen(client)
    for number in range(1, 10):
        another(number)
    with django_assert_num_queries(len(one)):
        seen(client)
