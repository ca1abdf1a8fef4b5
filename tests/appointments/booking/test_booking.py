import pytest
from django.utils import timezone

from appointments.booking.models import Channel
from appointments.models import Appointment
from appointments.slots.capacity import SlotFull
from portal.notifications.models import Message
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.steps import book, taken
from tests.factories.appointments import at
from tests.said import words_of

pytestmark = pytest.mark.django_db


def test_a_booking_takes_one_public_place(slot, item, resident):
    book(slot, item, resident)
    assert taken(slot) == (1, 0)


def test_a_party_takes_as_many_places_as_it_has_people(slot, item, resident):
    book(slot, item, resident, party_size=2)
    assert taken(slot) == (2, 0)


def test_a_party_larger_than_what_is_left_is_refused(slot, item, resident):
    with pytest.raises(SlotFull):
        book(slot, item, resident, party_size=3)
    assert taken(slot) == (0, 0)


def test_the_public_cannot_book_the_desks_pool(slot, item):
    for _number in range(2):
        book(slot, item, factories.ResidentFactory())
    with pytest.raises(SlotFull):
        book(slot, item, factories.ResidentFactory())


def test_a_caller_takes_a_public_place_while_there_is_one(slot, item, resident, cadre):
    book(slot, item, resident, channel=Channel.PHONE, by=cadre)
    assert taken(slot) == (1, 0)


def test_a_caller_gets_the_desks_pool_when_the_online_pool_is_full(slot, item, resident, cadre):
    for _number in range(2):
        book(slot, item, factories.ResidentFactory())
    book(slot, item, resident, channel=Channel.PHONE, by=cadre)
    assert taken(slot) == (2, 1)


def test_the_channel_and_the_typist_are_recorded(slot, item, resident, cadre):
    appointment = book(slot, item, resident, channel=Channel.PHONE, by=cadre)
    assert (appointment.channel, appointment.booked_by) == ("phone", cadre)


def test_a_long_item_takes_the_following_slots_too(center, item, resident):
    item.minutes = 60
    first, second = (factories.SlotFactory(center=center, starts_at=at(3, 9, minute)) for minute in (0, 30))
    appointment = book(first, item, resident)
    assert (taken(first), taken(second), appointment.ends_at) == ((1, 0), (1, 0), second.ends_at)


def test_a_long_item_is_refused_when_a_later_slot_is_full_and_takes_nothing(center, item, resident):
    item.minutes = 60
    first = factories.SlotFactory(center=center, starts_at=at(3, 9, 0))
    second = factories.SlotFactory(center=center, starts_at=at(3, 9, 30), online_places=0)
    with pytest.raises(SlotFull):
        book(first, item, resident)
    assert (taken(first), taken(second)) == ((0, 0), (0, 0))


def test_a_long_item_does_not_run_over_the_lunch_break(center, item, resident):
    item.minutes = 60
    last = factories.SlotFactory(center=center, starts_at=at(3, 11, 30))
    factories.SlotFactory(center=center, starts_at=at(3, 14, 30))
    with pytest.raises(RuleBroken, match="剩下的时间不够"):
        book(last, item, resident)


def test_one_person_holds_one_place_in_a_slot(slot, item, resident):
    book(slot, item, resident)
    with pytest.raises(RuleBroken) as refusal:
        book(slot, item, resident)
    assert (refusal.value.code, taken(slot)) == ("already_booked", (1, 0))


def test_several_people_may_share_a_phone(slot, item, village):
    for name in ("王桂兰", "王德贵"):
        book(slot, item, factories.ResidentFactory(division=village, name=name, phone="13800005678"))
    assert taken(slot) == (2, 0)


def test_the_same_form_twice_is_one_booking(slot, item, resident):
    first = book(slot, item, resident, key="form-1")
    assert book(slot, item, resident, key="form-1") == first
    assert (Appointment.objects.count(), taken(slot)) == (1, (1, 0))


def test_a_key_does_not_hand_out_somebody_elses_booking(slot, item, resident):
    book(slot, item, resident, key="form-1")
    with pytest.raises(RuleBroken) as refusal:
        book(slot, item, factories.ResidentFactory(), key="form-1")
    assert refusal.value.code == "key_reused"


def test_a_closed_slot_takes_nobody(slot, item, resident):
    slot.closed_at = timezone.now()
    slot.save()
    with pytest.raises(RuleBroken, match="不开放"):
        book(slot, item, resident)


def test_a_slot_closed_since_the_page_was_opened_takes_nobody(slot, item, resident):
    type(slot).objects.update(closed_at=timezone.now())
    with pytest.raises(SlotFull):
        book(slot, item, resident)


def test_a_time_that_is_about_to_begin_is_too_soon_online(center, item, resident):
    slot = factories.SlotFactory(center=center, starts_at=timezone.now())
    with pytest.raises(RuleBroken) as refusal:
        book(slot, item, resident)
    assert refusal.value.code == "slot_too_soon"


def test_the_desk_may_still_book_a_time_that_has_just_begun(center, item, resident, cadre):
    slot = factories.SlotFactory(center=center, starts_at=timezone.now())
    book(slot, item, resident, channel=Channel.DESK, by=cadre)
    assert taken(slot) == (1, 0)


def test_one_person_is_limited_in_a_day(center, item, resident, settings):
    settings.BOOKING_LIMIT_PER_PERSON_AND_DAY = 1
    first, second = (factories.SlotFactory(center=center, starts_at=at(3, hour)) for hour in (9, 10))
    book(first, item, resident)
    with pytest.raises(RuleBroken) as refusal:
        book(second, item, resident)
    assert refusal.value.code == "person_limit"


def test_one_number_is_limited_in_a_day(slot, item, village, settings):
    settings.BOOKING_LIMIT_PER_PHONE_AND_DAY = 1
    book(slot, item, factories.ResidentFactory(division=village, name="王桂兰", phone="13800005678"))
    with pytest.raises(RuleBroken) as refusal:
        book(slot, item, factories.ResidentFactory(division=village, name="王德贵", phone="13800005678"))
    assert refusal.value.code == "phone_limit"


def test_a_confirmation_is_stored_with_the_booking_and_no_reminder(slot, item, resident):
    book(slot, item, resident)
    assert sorted(Message.objects.values_list("channel", "kind")) == [("inbox", "confirmed"), ("sms", "confirmed")]


def test_a_refused_booking_stores_no_message(slot, item, resident):
    with pytest.raises(SlotFull):
        book(slot, item, resident, party_size=9)
    assert not Message.objects.exists()


def test_a_message_goes_in_one_piece_of_sms(slot, item, resident):
    book(slot, item, resident)
    assert len(words_of(channel="sms")) <= 70


def test_a_message_shows_neither_the_full_name_nor_the_persons_number(slot, item, resident):
    book(slot, item, resident)
    body = Message.objects.filter(channel="sms").first().body
    assert resident.name not in body and resident.phone not in body


def test_a_landline_is_called_and_not_texted(slot, item, village):
    book(slot, item, factories.ResidentFactory(division=village, phone="0399-5550001"))
    assert set(Message.objects.values_list("channel", flat=True)) == {"inbox", "voice"}


def test_somebody_without_a_phone_is_booked_at_the_desk_and_gets_a_slip(slot, item, village, cadre):
    person = factories.ResidentFactory(division=village, phone="")
    appointment = book(slot, item, person, channel=Channel.DESK, by=cadre)
    assert (appointment.phone, set(Message.objects.values_list("channel", flat=True))) == ("", {"inbox"})


def test_a_code_that_is_taken_is_drawn_again(slot, item, resident, monkeypatch):
    taken_code = book(slot, item, resident).code
    drawn = iter([taken_code, "482914"])
    monkeypatch.setattr("appointments.booking.services.new_code", lambda: next(drawn))

    assert book(slot, item, factories.ResidentFactory()).code == "482914"
