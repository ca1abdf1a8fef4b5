"""P4: retention: people who only waited are anonymized three months later, and nobody while waiting."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from appointments.models import WaitingEntry
from centers.models import Resident
from portal import retention
from portal.notifications.models import Message
from tests import factories
from tests.appointments.waiting.line import fill, join

pytestmark = pytest.mark.django_db

NAME, PHONE = "赵德贵", "13700006789"


@pytest.fixture
def entry(slot, item, village) -> WaitingEntry:
    fill(slot, item)
    guest = factories.ResidentFactory(division=village, name=NAME, phone=PHONE)
    return join(slot, item, guest, contact_name="赵小军", note="腿脚不便")


def after(days: int) -> None:
    retention.forget_old(timezone.now() + timedelta(days=days + 4))


def test_three_months_later_nobody_can_tell_who_waited(entry):
    WaitingEntry.objects.update(ended_at=timezone.now(), outcome="over")
    after(91)

    everything = [*Message.objects.values(), *LogEntry.objects.values(), *Resident.objects.values()]
    everything += WaitingEntry.objects.values()
    assert not any(word in str(row) for row in everything for word in (NAME, PHONE, "赵*贵", "赵小军", "腿脚不便"))


def test_the_entry_stays_and_its_link_is_dead(entry, client):
    after(91)

    assert WaitingEntry.objects.filter(slot=entry.slot, item=entry.item).exists()
    assert client.get(f"/waiting/{entry.link}/").status_code == 404


def test_who_still_waits_is_not_forgotten(entry):
    Resident.objects.update(created_at=timezone.now() - timedelta(days=400))
    after(0)

    entry.refresh_from_db()
    assert (entry.resident.name, entry.phone) == (NAME, PHONE)
