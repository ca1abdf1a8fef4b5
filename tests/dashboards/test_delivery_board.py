"""The delivery board: undelivered messages within one's divisions, with follow-up at the desk."""

import re
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appointments.models import Appointment
from centers.models import Center
from portal.notifications.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
GROUPS = ("call", "missed", "failing", "waiting", "called")


@pytest.fixture
def missed(center, resident, item):
    """`missed(state=…)`: a message about an appointment at the village's center."""

    def make(at_center=center, **values) -> Message:
        appointment = factories.AppointmentFactory(center=at_center, resident=resident, item=item)
        said = {"state": "failed", "due_at": timezone.now() - timedelta(hours=1), "address": "13800005678"}
        values = said | {"occasion": appointment.starts_at} | values
        return factories.MessageFactory(subject=f"appointment:{appointment.pk}", **values)

    return make


def text(client, show: str = "missed") -> str:
    return client.get("/desk/messages/", {"show": show}).content.decode()


@pytest.mark.parametrize("who", ["cadre", "manager", "officer"])
def test_the_village_and_its_township_see_it(request, signed_in, missed, who):
    missed()
    assert "王*兰" in text(signed_in(request.getfixturevalue(who)))


def test_the_township_next_door_does_not(signed_in, stranger, missed):
    missed()
    assert "王*兰" not in text(signed_in(stranger))


def test_a_villager_is_refused(signed_in, villager):
    assert signed_in(villager).get("/desk/messages/").status_code == 403


def test_names_and_numbers_are_masked(signed_in, cadre, missed):
    missed()
    page = text(signed_in(cadre))
    assert ("138****5678" in page, "王桂兰" in page, "13800005678" in page) == (True, False, False)


@pytest.mark.parametrize(
    ("values", "group"),
    [
        ({"state": "to_call"}, "call"),
        ({"state": "failed"}, "missed"),
        ({"state": "missed"}, "missed"),
        ({"state": "expired"}, "missed"),
        ({"state": "parked"}, "missed"),
        ({"state": "pending", "attempts": 2}, "failing"),
        ({"state": "pending"}, "waiting"),
        ({"state": "sending", "attempts": 1}, "waiting"),
    ],
)
def test_each_state_stands_in_its_group(signed_in, cadre, missed, values, group):
    missed(**values)
    shown = [show for show in GROUPS if "王*兰" in text(signed_in(cadre), show)]
    assert shown == [group]


@pytest.mark.parametrize("values", [{"state": "sent"}, {"state": "withdrawn"}, {"channel": "inbox", "state": "listed"}])
def test_what_is_in_order_is_not_shown(signed_in, cadre, missed, values):
    missed(**values)
    assert not any("王*兰" in text(signed_in(cadre), show) for show in GROUPS)


def test_what_lies_ahead_is_not_waiting(signed_in, cadre, missed):
    missed(state="pending", due_at=timezone.now() + timedelta(hours=1))
    assert "王*兰" not in text(signed_in(cadre), "waiting")


def test_sending_again(signed_in, cadre, missed):
    message = missed()
    signed_in(cadre).post(f"/desk/messages/{message.pk}/again/")
    message.refresh_from_db()
    assert message.state == "pending"


def test_calling_instead_shows_the_number_that_dials_and_what_to_say(signed_in, cadre, missed):
    message = missed()
    answer = signed_in(cadre).post(f"/desk/messages/{message.pk}/call/?show=missed", follow=True)
    page = answer.content.decode()
    message.refresh_from_db()
    assert (message.state, 'href="tel:13800005678"' in page, "已约好" in page) == ("to_call", True, True)


def test_the_number_in_full_is_in_the_audit_log(signed_in, cadre, missed):
    message = missed(state="to_call")
    signed_in(cadre).get(f"/desk/messages/{message.pk}/call/")
    entry = LogEntry.objects.filter(action=LogEntry.Action.ACCESS).get()
    assert (entry.actor, f"appointment:{entry.object_pk}") == (cadre, message.subject)


def test_who_was_reached_is_remembered_with_who_called(signed_in, cadre, missed):
    message = missed(state="to_call")
    answer = signed_in(cadre).post(f"/desk/messages/{message.pk}/called/?show=call", follow=True)
    message.refresh_from_db()
    assert (message.state, message.called_by, "您已打电话告知" in answer.content.decode()) == ("called", cadre, True)


def test_what_is_read_out_names_the_person_and_not_the_number_one_calls_from(signed_in, cadre, missed, center):
    message, client = missed(state="to_call"), signed_in(cadre)
    said = read_out(client, message)
    assert said.startswith("王桂兰您好，已约好") and center.phone not in said


def test_what_was_said_stays_when_it_has_changed_since(signed_in, cadre, missed):
    message, client = missed(state="to_call"), signed_in(cadre)
    said = read_out(client, message)
    client.post(f"/desk/messages/{message.pk}/called/")
    Appointment.objects.update(cancelled_at=timezone.now(), cancelled_by="villager")
    assert read_out(client, message) == said != ""


def read_out(client, message) -> str:
    page = client.get(f"/desk/messages/{message.pk}/call/").content.decode()
    return re.search(r'class="read-aloud"><p>(.*?)</p>', page, re.S)[1].strip()


def test_who_was_not_reached_is_called_again_later(signed_in, cadre, missed):
    message = missed(state="to_call")
    client = signed_in(cadre)
    client.post(f"/desk/messages/{message.pk}/not-reached/?show=call")
    message.refresh_from_db()
    assert (message.state, message.calls, message.next_try_at > timezone.now()) == ("to_call", 1, True)
    assert "1次没打通" in text(client, "call")


def test_a_call_that_was_recorded_by_mistake_is_undone(signed_in, cadre, missed):
    message = missed(state="to_call")
    client = signed_in(cadre)
    client.post(f"/desk/messages/{message.pk}/called/")
    assert f"/desk/messages/{message.pk}/undo/" in text(client, "called")
    client.post(f"/desk/messages/{message.pk}/undo/")
    message.refresh_from_db()
    assert (message.state, message.called_by, message.called_at) == ("to_call", None, None)


def test_a_person_is_one_row_a_visit_and_one_call_settles_all_of_it(signed_in, cadre, missed):
    first = missed(state="to_call", kind="confirmed")
    again = factories.MessageFactory(subject=first.subject, kind="moved", occasion=first.occasion, state="to_call")
    client = signed_in(cadre)
    assert text(client, "call").count("/call/?show=call") == 1
    client.post(f"/desk/messages/{again.pk}/called/")
    assert set(Message.objects.values_list("state", flat=True)) == {"called"}


def test_the_stronger_is_what_is_called_about_and_not_the_later(signed_in, cadre, missed):
    """It was moved, and the reminder came: the person must hear that it was moved."""
    first = missed(state="to_call", kind="moved")
    later = {"due_at": first.due_at + timedelta(minutes=5), "occasion": first.occasion, "state": "to_call"}
    factories.MessageFactory(subject=first.subject, kind="reminder", **later)
    assert f"/desk/messages/{first.pk}/call/" in text(signed_in(cadre), "call")


@pytest.mark.parametrize("hours", [-1, 1])
def test_what_is_past_is_dropped(signed_in, cadre, missed, hours):
    missed(expires_at=timezone.now() + timedelta(hours=hours))
    assert ("王*兰" in text(signed_in(cadre))) is (hours > 0)


@pytest.mark.parametrize("first", ["sent", "failed"])
def test_a_reminder_is_no_task_if_an_earlier_one_arrived(signed_in, cadre, missed, first):
    message = missed(kind="reminder", number=2)
    factories.MessageFactory(subject=message.subject, kind="reminder", occasion=message.occasion, number=1, state=first)
    assert ("王*兰" in text(signed_in(cadre))) is (first == "failed")


@pytest.mark.parametrize("adapter", ["", "portal.notifications.channels.outbox.FileOutbox"])
def test_the_board_says_loudly_which_channel_nobody_sends_for(signed_in, cadre, settings, adapter):
    settings.MESSAGE_CHANNELS = {**settings.MESSAGE_CHANNELS, "sms": adapter}
    assert ("短信没有接通" in text(signed_in(cadre))) is (adapter == "")


def test_too_late_is_said(signed_in, cadre, missed):
    message = missed(expires_at=timezone.now() - timedelta(minutes=1))
    answer = signed_in(cadre).post(f"/desk/messages/{message.pk}/again/", follow=True)
    assert "请打电话" in answer.content.decode()


@pytest.mark.parametrize("deed", ["again", "call", "called", "not-reached", "undo"])
@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("stranger", 404), ("villager", 404)])
def test_only_the_desk_acts(request, signed_in, missed, deed, who, status):
    message = missed()
    assert signed_in(request.getfixturevalue(who)).post(f"/desk/messages/{message.pk}/{deed}/").status_code == status


@pytest.mark.parametrize("deed", ["again", "called"])
def test_a_message_about_nothing_of_ours_is_not_found(signed_in, cadre, deed):
    message = factories.MessageFactory(subject="login:13800005678", state="failed")
    assert signed_in(cadre).post(f"/desk/messages/{message.pk}/{deed}/").status_code == 404


def test_the_menu_leads_there(signed_in, cadre):
    assert 'href="/desk/messages/"' in text(signed_in(cadre))


@pytest.mark.parametrize("phone", ["0399-5550000", ""])
def test_it_asks_as_much_for_twenty_as_for_one(signed_in, cadre, missed, center, phone, django_assert_num_queries):
    """Also where the center has no number, and that of its township is named."""
    Center.objects.filter(pk=center.pk).update(phone=phone)
    client = signed_in(cadre)
    missed()
    text(client)

    with CaptureQueriesContext(connection) as one:
        text(client)
    for _ in range(19):
        missed()
    with django_assert_num_queries(len(one)):
        text(client)


def test_a_message_about_a_case_that_did_not_arrive_is_there_too(signed_in, cadre, center, item, resident):
    case = factories.CaseFactory(center=center, item=item, resident=resident, first_owner=cadre)
    factories.CaseStageFactory(case=case)
    message = factories.MessageFactory(subject=f"case:{case.pk}", state="failed", person=f"resident:{resident.pk}")
    client = signed_in(cadre)

    assert f"/desk/cases/{case.pk}/" in client.get("/desk/messages/").content.decode()
    client.post(f"/desk/messages/{message.pk}/called/")
    message.refresh_from_db()
    assert message.state == "called"


def test_a_message_about_waiting_that_did_not_arrive_is_there_too(signed_in, cadre, stranger, slot, item, resident):
    entry = factories.WaitingEntryFactory(slot=slot, item=item, resident=resident)
    message = factories.MessageFactory(subject=f"waiting:{entry.pk}", state="failed", person=f"resident:{resident.pk}")
    client = signed_in(cadre)

    assert f"#w{entry.pk}" in client.get("/desk/messages/").content.decode()
    assert f"#w{entry.pk}" not in signed_in(stranger).get("/desk/messages/").content.decode()
    assert signed_in(stranger).post(f"/desk/messages/{message.pk}/called/").status_code == 404
    client.post(f"/desk/messages/{message.pk}/called/")
    message.refresh_from_db()
    assert message.state == "called"
