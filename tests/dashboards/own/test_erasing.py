"""An account is ended by its owner: what goes on is named, what lies ahead is cancelled or kept, rows lose the name."""

from datetime import timedelta
from functools import partial

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from appointments.cases import services as cases
from appointments.models import Appointment, Channel, WaitingEntry
from centers.models import Erasure, FamilyLink, Resident
from centers.people import erasing, residents
from centers.people import retention as retention_of_people
from portal import retention
from portal.accounts.models import User
from portal.notifications.models import Message, State
from portal.retention import ANONYMOUS, GONE
from portal.ui import words
from portal.ui.errors import Changed, RuleBroken
from tests import factories
from tests.appointments.cases.carrying import open_case
from tests.appointments.steps import book, taken
from tests.behind import behind
from tests.fresh import fresh

pytestmark = pytest.mark.django_db
ERASE = "/me/account/erase/"


def ask(client):
    return client.get(ERASE).content.decode()


def agree(client, ahead="cancel", **changed):
    version = client.get(ERASE).context["version"]
    return client.post(ERASE, {"version": version, "ahead": ahead, "sure": "on"} | changed)


def names() -> set[str]:
    """Wherever the person's name or number might still stand."""
    rows = [*Resident.objects.values_list("name", "phone", "remark"), *User.objects.values_list("name", "phone")]
    rows += [*Appointment.objects.values_list("phone", "contact_name"), *Message.objects.values_list("address", "body")]
    rows += [(str(entry.changes), entry.object_repr) for entry in LogEntry.objects.all()]
    return {str(row) for row in rows if any(one in str(row) for one in ("王桂兰", "13800005678"))}


def test_what_is_ahead_is_cancelled_and_nobody_can_tell_who_it_was(hers, villager, resident, slot, ahead):
    over = factories.AppointmentFactory(resident=resident, center=slot.center, phone=resident.phone, served=True)
    assert names()

    answer = agree(hers)

    assert answer["Location"] == reverse("account_erased", args=["now"])
    assert Resident.objects.get().name == f"{ANONYMOUS}{resident.pk}" and names() == set()
    assert taken(slot) == (0, 0) and Appointment.objects.get(pk=ahead.pk).cancelled_at
    assert Appointment.objects.get(pk=over.pk).served_at and Appointment.objects.get(pk=over.pk).link.startswith(GONE)
    assert Erasure.objects.get().erased_at and not Message.objects.filter(state=State.PENDING).exists()


def test_she_is_signed_out_everywhere_and_signs_in_no_more(hers, villager, signed_in):
    elsewhere = signed_in(villager)

    agree(hers)

    for client in (hers, elsewhere):
        assert client.get(reverse("me"))["Location"].startswith("/accounts/login/")
    user = User.objects.get(pk=villager.pk)
    assert not user.is_active and not user.has_usable_password() and user.username == f"{GONE}{user.pk}"


def test_what_is_kept_is_kept_and_forgotten_when_it_is_over(hers, resident, ahead, slot, son):
    assert agree(hers, ahead="keep")["Location"].endswith("later/")
    assert Resident.objects.get().name == "王桂兰" and taken(slot) == (1, 0)
    assert FamilyLink.objects.filter(ended_at__isnull=True).count() == 0
    retention.forget_old()
    assert Resident.objects.get().name == "王桂兰"

    retention.forget_old(ahead.ends_at + timedelta(hours=1))

    assert Resident.objects.get().name == f"{ANONYMOUS}{resident.pk}" and Erasure.objects.get().erased_at


def test_what_was_corrected_goes_with_the_name(hers, resident):
    factories.CorrectedResidentFactory(resident=resident)

    agree(hers)

    step = resident.corrections.get()
    assert (step.before, step.after) == ({}, {})


def test_an_open_case_is_named_and_goes_on_with_the_name(hers, resident, center, item, cadre):
    case = open_case(center, item, resident, cadre, there=[])
    assert words.code(case.code) in ask(hers)

    agree(hers)
    retention.forget_old()
    assert Resident.objects.get().name == "王桂兰"

    cases.withdraw(case=case, by=cadre, seen=case.stage.pk)
    retention.forget_old()
    assert Resident.objects.get().name == f"{ANONYMOUS}{resident.pk}"


def test_a_place_on_the_waiting_list_is_given_up(hers, resident, center, item):
    full = factories.SlotFactory(center=center, starts_at=timezone.now() + timedelta(days=4), online_taken=2)
    entry = factories.WaitingEntryFactory(slot=full, item=item, resident=resident)

    agree(hers)

    left = WaitingEntry.objects.get(pk=entry.pk)
    assert left.outcome == "left" and left.phone == "" and left.link.startswith(GONE)


def test_without_a_fresh_sign_in_nothing_is_shown_or_done(signed_in, villager):
    stale = fresh(signed_in(villager), minutes_ago=11)

    assert stale.get(ERASE)["Location"].startswith(reverse("account_reauthenticate"))
    stale.post(ERASE, {"version": erasing.version_of([]), "sure": "on"})
    assert User.objects.get(pk=villager.pk).is_active


def test_who_has_a_post_is_told_whom_to_ask(signed_in, cadre, center):
    client = fresh(signed_in(cadre))

    assert "上一级的管理员" in ask(client) and "柳湾村代办员" in ask(client)
    client.post(ERASE, {"version": erasing.version_of([]), "sure": "on"})
    assert User.objects.get(pk=cadre.pk).is_active


def test_a_tick_is_asked_for(hers, villager):
    assert agree(hers, sure="").status_code == 200
    assert User.objects.get(pk=villager.pk).is_active


def test_what_was_booked_since_the_page_was_opened_is_shown_first(hers, villager, slot, item, resident):
    version = hers.get(ERASE).context["version"]
    booked = book(slot, item, resident)

    page = hers.post(ERASE, {"version": version, "sure": "on"})

    assert page.status_code == 409 and str(item) in page.content.decode() and 'name="ahead"' in page.content.decode()
    assert User.objects.get(pk=villager.pk).is_active and not Appointment.objects.get(pk=booked.pk).cancelled_at


def test_nothing_is_cancelled_that_was_not_shown(villager, resident, ahead):
    traces = retention_of_people.all_traces()
    shown = {one.key for one in erasing.lies_ahead(villager, timezone.now())}

    for keys, is_cancelled in ((set(), False), (shown, True)):
        for one in traces:
            one.end([resident.pk], keys, villager)
        assert bool(Appointment.objects.get(pk=ahead.pk).cancelled_at) is is_cancelled


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
class TestABookingMeanwhile:
    @pytest.fixture
    def end(self, villager):
        return partial(erasing.end_account, user=villager, keeps=False, version=erasing.version_of([]))

    def test_one_that_is_being_stored_is_shown_first(self, end, villager, slot, item, resident):
        _booked, refused = behind(lambda: book(slot, item, resident), end)

        assert isinstance(refused, Changed)
        assert Resident.objects.get().name == "王桂兰" and User.objects.get(pk=villager.pk).is_active

    def test_control_unseen_it_would_lose_its_owner(self, end, villager, slot, item, resident, monkeypatch):
        monkeypatch.setattr(erasing, "lies_ahead", lambda user, now: [])

        _booked, ended = behind(lambda: book(slot, item, resident), end)

        assert ended is False and not User.objects.get(pk=villager.pk).is_active

    def test_one_that_comes_after_is_for_nobody_without_a_name(self, end, slot, item, resident, village):
        find = partial(residents.find_or_create, division=village, name="王桂兰", phone="13800005678")

        chosen = partial(book, slot, item, resident)
        _ended, refused = behind(end, chosen)
        anew = book(slot, item, find, channel=Channel.ONLINE)

        assert isinstance(refused, RuleBroken) and refused.code == "resident_forgotten"
        assert anew.resident_id != resident.pk and anew.resident.name == "王桂兰"
