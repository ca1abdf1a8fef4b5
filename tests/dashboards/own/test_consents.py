"""A no is stored with its version and its moment, and takes effect at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.booking import messages, reminders
from appointments.booking.messages import subject_of
from appointments.invitation import RATE
from centers.models import Consent, FamilyLink
from centers.people import consents, residents
from centers.people.messages import person_of
from portal.notifications.models import Channel, Message, State
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


def say(client, purpose, agrees, version=None):
    version = consents.VERSIONS[purpose] if version is None else version
    return client.post(reverse("me_consent", args=[purpose]), {"agrees": agrees, "version": version})


def remind(appointment):
    """All reminders of this visit are due."""
    return reminders.plan_due(appointment.starts_at - timedelta(minutes=90), timezone.now() - timedelta(days=1))


def reminders_of(appointment):
    return Message.objects.about(subject_of(appointment)).filter(kind=messages.REMINDER)


def test_the_kinds_are_those_of_the_apps_above():
    assert consents.KINDS[consents.Purpose.REMINDERS] == (messages.REMINDER,)
    assert consents.KINDS[consents.Purpose.RATINGS] == (RATE,)


def test_each_answer_stays_with_its_version_and_moment(hers, villager):
    for agrees in ("0", "0", "1"):
        say(hers, "reminders", agrees)

    first, second = Consent.objects.order_by("pk")
    assert [(one.agrees, one.version) for one in (first, second)] == [(False, 1), (True, 1)]
    assert first.ended_at == second.at and second.ended_at is None
    assert "您同意" in hers.get(reverse("me_data")).content.decode()


def test_no_reminder_is_planned_for_who_wants_none(hers, ahead, center, item, village):
    neighbour = factories.ResidentFactory(division=village, name="李秀英")
    control = book(
        factories.SlotFactory(center=center, starts_at=ahead.starts_at + timedelta(hours=1)), item, neighbour
    )
    say(hers, "reminders", "0")
    type(ahead).objects.update(booked_at=timezone.now() - timedelta(days=9))

    remind(ahead)

    assert not reminders_of(ahead).exists() and reminders_of(control).exists()
    assert ahead not in reminders.unplanned(control.starts_at - timedelta(minutes=60))  # and none is missing


def test_what_is_on_its_way_is_withdrawn(hers, ahead, resident):
    waiting = factories.MessageFactory(
        subject=subject_of(ahead), person=person_of(resident), kind=messages.REMINDER, channel=Channel.SMS
    )
    other = factories.MessageFactory(
        subject=subject_of(ahead), person=person_of(resident), kind=messages.MOVED, channel=Channel.SMS
    )

    say(hers, "reminders", "0")

    assert Message.objects.get(pk=waiting.pk).state == State.WITHDRAWN
    assert Message.objects.get(pk=other.pk).state == State.PENDING


def test_who_wants_no_invitation_gets_none(hers, ahead, village, item, center):
    neighbour = factories.AppointmentFactory(center=center, item=item, resident__division=village)
    say(hers, "ratings", "0")

    assert messages.after_serving(ahead, timezone.now()) == []
    assert messages.after_serving(neighbour, timezone.now()) != []


def test_a_number_that_is_proven_counts_for_whoever_booked_with_it(signed_in, son, center, item, village):
    son.phone_verified_at = timezone.now()
    son.save()
    booked = factories.AppointmentFactory(center=center, item=item, resident__division=village, phone=son.phone)

    say(signed_in(son), "ratings", "0")

    assert messages.after_serving(booked, at(0, 9)) == []


def test_family_is_ended_and_not_linked_again_before_she_agrees(hers, resident, son):
    say(hers, "family", "0")
    assert FamilyLink.objects.get(user=son).ended_at

    with pytest.raises(RuleBroken, match="本人说过不让"):
        residents.link_family(user=son, resident=resident, relation="child")

    say(hers, "family", "1")
    assert residents.link_family(user=son, resident=resident, relation="child").ended_at is None


def test_words_that_have_changed_are_not_agreed_to(hers, monkeypatch):
    say(hers, "reminders", "1")
    monkeypatch.setitem(consents.VERSIONS, consents.Purpose.REMINDERS, 2)
    assert "说法变了" in hers.get(reverse("me_data")).content.decode()

    say(hers, "reminders", "0", version=1)

    assert Consent.objects.get().agrees
