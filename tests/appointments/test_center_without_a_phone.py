"""A message names a number to call: the center's, else the township's; without either it leaves the sentence out."""

import re
from pathlib import Path

import pytest

from appointments.booking import messages as booking
from appointments.booking.displaced import for_messages
from appointments.cases import messages as cases
from appointments.waiting import messages as waiting
from portal.notifications.models import Message
from portal.notifications.per_channel import filled
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(slot, item, resident, center):
    center.phone = ""
    center.save()
    return book(slot, item, resident)


def body(booked) -> str:
    message = Message.objects.get(kind=booking.CONFIRMED, channel="inbox")
    return booking.words(for_messages().get(pk=booked.pk), message, at(0, 9)).body


def test_without_any_number_nothing_ends_in_the_middle(booked):
    assert body(booked).endswith("。") and "电" not in body(booked) and "[" not in body(booked)


def test_the_townships_number_stands_in(booked, township):
    factories.CenterFactory(division=township, phone="0312-5550000")
    assert "改期电0312-5550000" in body(booked)


@pytest.mark.parametrize(("phone", "said"), [("", "好。"), ("5550000", "好。问电5550000")])
def test_the_part_in_brackets_goes_with_the_number(phone, said):
    assert filled("%(what)s。[问电%(phone)s]", {"what": "好", "phone": phone}) == said


def test_brackets_in_what_people_typed_stay():
    assert filled("%(what)s[电%(phone)s]", {"what": "[甲]", "phone": ""}) == "[甲]"


@pytest.mark.parametrize("module", [booking, cases, waiting], ids=["booking", "cases", "waiting"])
def test_every_text_has_its_number_in_brackets(module):
    texts = re.findall(r'"[^"]*%\(phone\)s[^"]*"', Path(module.__file__).read_text(encoding="utf-8"))
    assert texts and all(re.search(r"\[[^]]*%\(phone\)s[^]]*\]", text) for text in texts)
