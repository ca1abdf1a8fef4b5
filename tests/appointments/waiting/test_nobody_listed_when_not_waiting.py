"""A first-time resident is created in the waiting entry's transaction, or not at all, whatever the refusal."""

from functools import partial

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from appointments.models import Slot, WaitingEntry
from centers.models import Resident
from centers.people import residents
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.steps import book
from tests.appointments.villager import answers, key_in
from tests.appointments.waiting.line import fill, join, refusal
from tests.factories.appointments import at
from tests.together import together

PHONE = "13800009999"


@pytest.fixture
def newcomer(village):
    return partial(residents.find_or_create, division=village, name="钱来顺", phone=PHONE)


@pytest.fixture
def full(slot, item):
    fill(slot, item)
    return slot


def listed() -> tuple[int, int]:
    """Number of residents, and of audit log entries of their creation."""
    return Resident.objects.filter(phone=PHONE).count(), LogEntry.objects.filter(object_repr__contains="钱").count()


@pytest.mark.django_db
def test_joining_lists_one(full, item, newcomer):
    entry = join(full, item, newcomer)

    assert entry.resident == Resident.objects.get(phone=PHONE)
    assert entry.phone == PHONE
    assert listed() == (1, 1)


@pytest.mark.django_db
def test_the_same_form_again_lists_nobody_more(full, item, newcomer):
    assert join(full, item, newcomer, key="one") == join(full, item, newcomer, key="one")
    assert (Resident.objects.filter(phone=PHONE).count(), WaitingEntry.objects.count()) == (1, 1)


def closed(slot, item, newcomer, settings):
    Slot.objects.filter(pk=slot.pk).update(closed_at=timezone.now())
    return {}


def over(slot, item, newcomer, settings):
    gone = factories.SlotFactory(center=slot.center, starts_at=at(-1, 9), online_places=1, online_taken=1)
    return {"slot": gone}


def has_room(slot, item, newcomer, settings):
    Slot.objects.filter(pk=slot.pk).update(online_places=9)
    return {}


def too_large(slot, item, newcomer, settings):
    return {"party_size": 3}


def waits_for_enough(slot, item, newcomer, settings):
    """Somebody else with this phone number is waiting."""
    settings.WAITING_LIMIT_PER_PERSON = 1
    other = factories.SlotFactory(center=slot.center, starts_at=at(4, 9), online_places=1, online_taken=1)
    join(other, item, factories.ResidentFactory(division=slot.center.division), phone=PHONE)
    return {}


def form_is_used(slot, item, newcomer, settings):
    join(slot, item, factories.ResidentFactory(division=slot.center.division), key="used")
    return {"key": "used"}


REFUSALS = {
    closed: "slot_gone",
    over: "slot_too_soon",
    has_room: "has_room",
    too_large: "too_large",
    waits_for_enough: "waiting_limit",
    form_is_used: "key_reused",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("arrange", "code"), REFUSALS.items(), ids=REFUSALS.values())
def test_a_refusal_lists_nobody(full, item, newcomer, settings, arrange, code):
    asked = {"slot": full, "item": item, "resident": newcomer} | arrange(full, item, newcomer, settings)
    waiting = WaitingEntry.objects.count()
    asked["slot"].refresh_from_db()

    assert refusal(lambda: join(**asked)) == code
    assert listed() == (0, 0)
    assert WaitingEntry.objects.count() == waiting


@pytest.mark.django_db
def test_who_is_on_the_list_already_is_not_listed_again(full, item, newcomer):
    join(full, item, newcomer)

    assert refusal(lambda: join(full, item, newcomer)) == "one_person_waits_once_for_a_time"
    assert listed() == (1, 1)


@pytest.mark.django_db
def test_who_is_booked_there_is_not_listed_again(slot, item, newcomer):
    fill(slot, item, 1)
    book(slot, item, newcomer)
    before = listed()

    assert refusal(lambda: join(slot, item, newcomer)) == "already_booked"
    assert listed() == before


@pytest.mark.django_db
@pytest.mark.parametrize(("change", "number"), [({}, 1), ({"party_size": "3"}, 0), ({"name": "\u202e"}, 0)])
def test_the_page_lists_whoever_may_wait_and_nobody_else(client, full, item, change, number):
    page = reverse("wait", args=[full.center.code, item.code, full.pk])
    client.post(page, answers(key_in(client.get(page)), **{"name": "钱来顺", "phone": PHONE, **change}))

    assert (listed()[0], WaitingEntry.objects.count()) == (number, number)


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_one_form_sent_eight_times_at_once_lists_and_joins_once(full, item, newcomer):
    entries = together(lambda _: join(full, item, newcomer, key="one"), range(8))

    assert {entry.pk for entry in entries} == {WaitingEntry.objects.get().pk}
    assert Resident.objects.filter(phone=PHONE).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_eight_forms_of_one_person_at_once_list_and_join_once(full, item, newcomer):
    def ask(_) -> str:
        try:
            return join(full, item, newcomer).code
        except RuleBroken as broken:
            return broken.code

    said = together(ask, range(8))
    assert said.count("one_person_waits_once_for_a_time") == 7
    assert (Resident.objects.filter(phone=PHONE).count(), WaitingEntry.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_control_listing_first_keeps_whoever_was_refused(full, item, newcomer):
    """The former order of the page: the resident is created although the entry is refused."""
    assert refusal(lambda: join(full, item, newcomer(), party_size=3)) == "too_large"
    assert listed() == (1, 1)
