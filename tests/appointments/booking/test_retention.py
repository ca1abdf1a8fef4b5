"""P4, A21: retention: names and numbers are deleted in time; rows, timestamps and statistics stay."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.utils import timezone

from appointments.desk import calling, walk_in
from appointments.models import Appointment, Ticket
from appointments.tickets import taking
from centers.models import Resident
from portal import retention
from portal.notifications import services
from portal.notifications.models import Message
from tests import factories
from tests.appointments.steps import book

pytestmark = pytest.mark.django_db

NAME, PHONE = "赵德贵", "13700006789"


@pytest.fixture
def guest(village):
    return factories.ResidentFactory(division=village, name=NAME, phone=PHONE)


@pytest.fixture
def visit(slot, item, guest):
    return book(slot, item, guest, contact_name="赵小军", note="腿脚不便")


def after(days: int):
    """Travel to so long after the visit."""
    return retention.forget_old(timezone.now() + timedelta(days=days + 4))


def test_a_year_later_nobody_can_tell_who_it_was(visit):
    after(365)
    visit.refresh_from_db()
    assert (visit.phone, visit.contact_name, visit.note, visit.resident.name) == ("", "", "", f"#{visit.resident_id}")


def test_the_visit_itself_stays(visit):
    after(365)
    assert Appointment.objects.filter(starts_at=visit.starts_at, item=visit.item).exists()


def test_its_slip_can_no_longer_be_opened(visit, client):
    after(365)
    assert client.get(f"/bookings/{visit.link}/").status_code == 404


def test_nor_that_of_somebody_without_a_telephone(slot, item, resident, client):
    resident.phone = ""
    visit = book(slot, item, resident)
    after(365)
    assert client.get(f"/bookings/{visit.link}/").status_code == 404


def test_why_somebody_without_a_telephone_went_first_is_forgotten(center, item, village, cadre):
    """A walk-in: no phone, no note, and in the village's list of residents permanently."""
    villager = factories.ResidentFactory(division=village, phone="", villager_group="三组")
    ticket = taking.issue_at_desk(center=center, by=cadre, key="a")
    calling.set_priority(ticket=ticket, priority="disabled", by=cadre)
    walk_in.identify(ticket=ticket, resident=villager, item=item, by=cadre)
    assert "disabled" in str(list(LogEntry.objects.values()))

    after(365)

    everything = [*Ticket.objects.values(), *LogEntry.objects.values()]
    assert not any("disabled" in str(row) for row in everything)


def test_neither_name_nor_number_is_left_anywhere(visit):
    after(365)
    everything = [*Message.objects.values(), *LogEntry.objects.values(), *Resident.objects.values()]
    everything += Appointment.objects.values()
    assert not any(word in str(row) for row in everything for word in (NAME, PHONE, "赵*贵", "赵小军", "腿脚不便"))


def test_a_guest_is_forgotten_after_three_months(visit, guest):
    after(91)
    guest.refresh_from_db()
    assert guest.name != NAME


def test_a_guest_of_last_month_is_not(visit, guest):
    assert after(30) == 0


def test_whom_a_cadre_wrote_down_is_kept_for_a_year(slot, item, guest, cadre):
    book(slot, item, guest, channel="phone", by=cadre)
    assert (after(91), after(366)) == (0, 2)


@pytest.mark.parametrize("known", ["hamlet", "group", "family"])
def test_who_belongs_to_the_village_stays_on_its_list(known, visit, guest):
    if known == "hamlet":
        Resident.objects.update(villager_group="三组")
    elif known == "group":
        guest.groups.add(factories.GroupTagFactory())
    else:
        factories.FamilyLinkFactory(resident=guest)
    after(365)
    guest.refresh_from_db()
    assert guest.name == NAME


def test_forgetting_again_finds_nothing(visit):
    after(365)
    assert after(365) == 0


def test_old_messages_lose_their_words_and_keep_their_fate(visit):
    services.forget_old(timezone.now() + timedelta(days=370))
    assert set(Message.objects.values_list("body", "address")) == {("", "")}
    assert set(Message.objects.values_list("state", flat=True)) == {"pending", "listed"}


def test_an_offline_note_is_anonymized_after_three_months(center):
    note = factories.OfflineMarkFactory(center=center, name=NAME, matter="开证明")
    retention.forget_old(timezone.now() + timedelta(days=89))
    note.refresh_from_db()
    assert note.name == NAME
    retention.forget_old(timezone.now() + timedelta(days=91))
    note.refresh_from_db()
    assert (note.name, note.matter, note.kind) == ("", "", "note")


def test_why_somebody_was_away_is_forgotten_and_that_they_were_is_not():
    long_ago = timezone.localdate() - timedelta(days=400)
    old = factories.LeaveFactory(first_date=long_ago, agreed=True)
    recent = factories.LeaveFactory()
    retention.forget_old()
    old.refresh_from_db()
    recent.refresh_from_db()
    assert (old.reason, old.agreed_at is not None, recent.reason) == ("", True, "家里有事")


def test_nor_in_what_the_admin_remembers(guest, admin_client, visit):
    form = {
        "division": guest.division_id,
        "name": NAME,
        "phone": PHONE,
        "remark": "东头的",
        "created_at_0": "2026-01-01",
    }
    admin_client.post(f"/admin/centers/resident/{guest.pk}/change/", form | {"created_at_1": "10:00:00"})
    assert AdminLogEntry.objects.get().object_repr == NAME

    after(365)

    assert AdminLogEntry.objects.get().object_repr == ""
