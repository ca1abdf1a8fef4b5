"""Invitations to rate after a visit or case: SMS with a link; inbox and voice without."""

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.booking import messages
from appointments.booking.subjects import SUBJECT
from appointments.cases import messages as case_messages
from appointments.cases.subjects import SUBJECT as CASE
from appointments.invitation import rating_token
from portal.notifications.models import Channel
from tests import factories
from tests.said import texts

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["visit", "case"])
def asked(request, resident):
    """`asked(phone)`: what is said to whoever has that number, by channel, and the link to the rating."""

    def of(phone: str) -> tuple[dict[str, str], str]:
        resident.phone = phone
        resident.save()
        if request.param == "visit":
            subject, thing = SUBJECT, factories.AppointmentFactory(resident=resident, phone=phone, served=True)
            planned = messages.after_serving(thing, timezone.now())
        else:
            subject, thing = (
                CASE,
                factories.CaseFactory(resident=resident, phone=phone, outcome="refused", closed_at=timezone.now()),
            )
            planned = case_messages.rate(thing, timezone.now())
        return texts(planned, subject, thing), reverse("rate", args=[rating_token(thing)])

    return of


def test_an_sms_has_the_link_and_the_inbox_leads_there_by_its_page(asked):
    said, link = asked("13800005678")

    assert link in said[Channel.SMS]
    assert "http" not in said[Channel.INBOX]


def test_a_voice_reads_no_link(asked):
    said, _link = asked("0399-5550101")

    assert Channel.SMS not in said
    assert "怎么样" in said[Channel.VOICE] and "http" not in said[Channel.VOICE]
