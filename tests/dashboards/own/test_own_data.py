"""All that is stored about somebody, for themselves and nobody else; that it was read is on record."""

import json

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.db import models
from django.urls import reverse

from centers.models import Resident
from centers.people import own_data
from portal.accounts.models import User
from tests import factories
from tests.appointments.cases.carrying import open_case
from tests.appointments.villager import queries_of

pytestmark = pytest.mark.django_db

# Rows that point at a person or an account and are told in another way, or say nothing of them.
NOT_TOLD = {
    "appointments.Place": "a place that the booking holds, which is told",
    "appointments.Hold": "a place that is held for the entry of the waiting list, which is told",
    "appointments.LinkUse": "that a link of a message was used; the booking tells what it did",
    "appointments.KeptBooking": "what the center does about a booking",
    "appointments.ItemAgent": "which matters staff handle, on public pages",
    "appointments.OfflineMark": "a mark of staff",
    "centers.ClosureNotice": "of a center",
    "centers.HolidayNotice": "of a year",
    "centers.Succession": "of a village",
    "appointments.ServiceItem": "of the catalog",
    "appointments.ItemDraft": "of the catalog",
    "appointments.ItemOptOut": "what a village does not offer",
    "accounts.Invitation": "a slip for whoever works here; the member's page tells when",
    "centers.Center": "who wrote the notice on its page",
    "centers.DefaultHours": "of a county or township",
    "centers.MemberChange": "told to whom it is about in their messages",
    "centers.RuleChange": "of a county or township, with who decided it",
    "centers.SheetUpload": "on the page of its uploader, who works here",
    "centers.ApiToken": "of a caller",
    "centers.DutyShift": "on the duty pages of whoever works there",
    "centers.Leave": "on the duty pages of whoever works there",
    "centers.ShiftSwap": "on the duty pages of whoever works there",
    "centers.Roster": "of a center's month",
    "centers.PresenceReport": "about a center, without a name",
    "notifications.Message": "told by its person, which is a key",
}


def file_of(client) -> dict:
    answer = client.get(reverse("me_data_file"))
    assert "attachment" in answer["Content-Disposition"]
    return json.loads(answer.content)


def test_no_row_of_a_person_is_left_out(villager):
    """A model that points at people, bookings or cases is told, or has a reason."""
    told = {section.rows.model for section in own_data.sections(villager)}
    people = {"Resident", "User", "Appointment", "WaitingEntry", "Case", "CaseStage"}
    ours = ("accounts", "appointments", "assessments", "centers", "notifications")
    pointing = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in ours
        and any(
            isinstance(field, models.ForeignKey) and field.related_model.__name__ in people
            for field in model._meta.fields
        )
    }
    assert pointing - {model._meta.label for model in told} - set(NOT_TOLD) == set()
    assert {Resident, User} <= told


def test_it_holds_what_she_has(hers, ahead, resident, center, item, cadre):
    open_case(center, item, resident, cadre, there=[])
    factories.RatingFactory(appointment__center=center, appointment__resident=resident, comment="办得快")

    said = file_of(hers)

    assert said["中心的登记"][0]["姓名"] == "王桂兰" and said["账户"][0]["手机号"] == "13800005678"
    assert ahead.code in [row["预约码"] for row in said["预约"]] and len(said["代办"]) == 1
    assert "办得快" in said["评价"][0].values() and said["发给您的消息"]
    assert "办得快" in hers.get(reverse("me_data_all")).content.decode()


def test_it_holds_nothing_of_others(signed_in, son, ahead, resident):
    """He books for her: what she has is hers to fetch."""
    text = json.dumps(file_of(signed_in(son)), ensure_ascii=False)

    assert ahead.code not in text and resident.phone not in text
    assert "王桂兰" in text  # the link itself


def test_no_key_and_no_link_is_in_it(hers, ahead, villager):
    text = hers.get(reverse("me_data_file")).content.decode()

    assert ahead.link not in text and ahead.key not in text and villager.password not in text


def test_each_time_is_on_record(hers, villager, resident):
    before = LogEntry.objects.filter(action=LogEntry.Action.ACCESS).count()
    hers.get(reverse("me_data_file"))

    looks = LogEntry.objects.filter(action=LogEntry.Action.ACCESS).order_by("-pk")
    assert looks.count() == before + 2 and {look.actor for look in looks[:2]} == {villager}


def test_the_number_of_queries_is_fixed(hers, resident, center, item, ahead):
    address = reverse("me_data_file")
    hers.get(address)
    before = queries_of(hers, address)
    for _number in range(10):
        factories.AppointmentFactory(center=center, item=item, resident=resident)

    assert queries_of(hers, address) == before
