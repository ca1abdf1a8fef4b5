"""One appointment at the desk: history, the full phone number by permission, moving and cancelling."""

import uuid

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from appointments.booking import services as booking
from appointments.booking.models import Channel, Status
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(slot, item, resident, cadre):
    return booking.book(slot=slot, item=item, resident=resident, channel=Channel.PHONE, key=uuid.uuid4().hex, by=cadre)


@pytest.fixture
def client(signed_in, cadre):
    return signed_in(cadre)


def test_a_cadre_sees_the_phone_and_the_view_is_in_the_audit_log(client, cadre, booked):
    page = client.get(reverse("desk_appointment", args=[booked.pk])).content.decode()

    assert "138 0000 5678" in page
    look = LogEntry.objects.get(action=LogEntry.Action.ACCESS)
    assert (look.object_id, look.actor) == (booked.pk, cadre)


def test_a_mark_from_here_answers_with_the_list(client, booked):
    page = client.get(reverse("desk_appointment", args=[booked.pk])).content.decode()

    assert f'formaction="/desk/appointments/{booked.pk}/arrive/"' in page
    assert "hx-post" not in page
    answer = client.post(f"/desk/appointments/{booked.pk}/miss/", {"back": "center=990101100201&day=2026-12-03"})
    assert answer["Location"].startswith("/desk/?center=990101100201&day=2026-12-03#")


def test_an_officer_sees_neither_name_nor_number_in_full(signed_in, officer, booked):
    page = signed_in(officer).get(reverse("desk_appointment", args=[booked.pk])).content.decode()

    assert "王桂兰" not in page
    assert "0000 5678" not in page
    assert "138****5678" in page


@pytest.mark.parametrize("name", ["desk_appointment", "desk_booked", "desk_move", "desk_cancel"])
def test_another_townships_people_find_nothing(signed_in, stranger, booked, name):
    assert signed_in(stranger).get(reverse(name, args=[booked.pk])).status_code == 404


@pytest.mark.parametrize("name", ["desk_booked", "desk_move", "desk_cancel"])
def test_whoever_only_looks_on_changes_nothing(signed_in, officer, booked, name):
    assert signed_in(officer).get(reverse(name, args=[booked.pk])).status_code == 403


def test_its_history_says_when_and_who(client, cadre, booked):
    page = client.get(reverse("desk_appointment", args=[booked.pk])).content.decode()

    assert "约好（电话）" in page
    assert cadre.name in page


def test_moving_for_a_caller(client, booked):
    later = factories.SlotFactory(center=booked.center, starts_at=at(4, 10))

    client.post(reverse("desk_move", args=[booked.pk]), {"slot": later.pk})

    booked.refresh_from_db()
    assert booked.starts_at == later.starts_at


@pytest.mark.parametrize("chosen", ["", "x", "9" * 30])
def test_moving_nowhere_keeps_the_first_time(client, booked, chosen):
    answer = client.post(reverse("desk_move", args=[booked.pk]), {"slot": chosen})

    assert answer.status_code == 409
    assert "原来的时间还留着" in answer.content.decode()


def test_cancelling_for_the_villager(client, booked):
    client.post(reverse("desk_cancel", args=[booked.pk]), {"by": "villager"})

    booked.refresh_from_db()
    assert (booked.status, booked.cancelled_by) == (Status.CANCELLED, "villager")


def test_its_history_says_who_typed_a_villagers_cancellation(client, cadre, booked):
    page = client.post(reverse("desk_cancel", args=[booked.pk]), {"by": "villager"}, follow=True).content.decode()

    assert f"群众（{cadre.name}登记）" in page


def test_the_center_owes_a_reason(client, booked):
    page = client.post(reverse("desk_cancel", args=[booked.pk]), {"by": "center"}).content.decode()

    booked.refresh_from_db()
    assert "请写上原因" in page
    assert booked.status == Status.BOOKED


def test_cancelling_by_the_center(client, booked):
    client.post(reverse("desk_cancel", args=[booked.pk]), {"by": "center", "reason": "停电"})

    booked.refresh_from_db()
    assert (booked.cancelled_by, booked.cancel_reason) == ("center", "停电")


def test_what_was_served_is_not_cancelled(client, booked):
    booked.arrived_at = booked.served_at = booked.starts_at
    booked.save()

    page = client.post(reverse("desk_cancel", args=[booked.pk]), {"by": "villager"}).content.decode()

    assert "不能改了" in page
