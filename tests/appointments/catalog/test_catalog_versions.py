"""Versions of catalog items are immutable: bookings keep the version that they were made with."""

from copy import copy
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.utils import timezone

from appointments.catalog import search, starter
from appointments.catalog import services as catalogue
from appointments.catalog.models import CONTENT
from appointments.models import ServiceItem
from portal.ui.errors import Changed
from tests import factories
from tests.behind import behind
from tests.together import together

AT_ONCE = 12


def test_a_revision_is_the_next_version(item, cadre):
    revised = catalogue.revise(item=item, by=cadre, minutes=45)
    assert (revised.code, revised.version, revised.minutes, revised.changed_by) == (item.code, 2, 45, cadre)


def test_what_is_not_changed_is_copied(item, cadre):
    revised = catalogue.revise(item=item, by=cadre, minutes=45)
    assert (revised.name, revised.materials, revised.division) == (item.name, item.materials, item.division)


def test_the_version_before_is_closed_today(item, cadre):
    catalogue.revise(item=item, by=cadre, minutes=45)
    item.refresh_from_db()
    assert (item.valid_to, item.minutes) == (timezone.localdate(), 30)


def test_a_booking_keeps_its_version(item, cadre):
    appointment = factories.AppointmentFactory(item=item)
    catalogue.revise(item=item, by=cadre, materials=["身份证", "户口簿"])
    appointment.refresh_from_db()
    assert appointment.item.materials == ["身份证"]


def test_a_revision_is_found_by_its_new_words(item, cadre):
    catalogue.revise(item=item, by=cadre, keywords="人脸识别")
    assert [found.version for found in search.search(None, "rlsb")] == [2]


def test_a_version_that_was_revised_since_is_not_revised_again(item, cadre):
    catalogue.revise(item=item, by=cadre, minutes=45)
    with pytest.raises(Changed):
        catalogue.revise(item=item, by=cadre, minutes=60)


def test_a_revision_that_cannot_be_leaves_the_version_standing(item, cadre):
    with pytest.raises(ValidationError):
        catalogue.revise(item=item, by=cadre, minutes=1)
    item.refresh_from_db()
    assert item.valid_to is None


def test_a_revision_does_not_rename_the_code(item, cadre):
    with pytest.raises(TypeError):
        catalogue.revise(item=item, by=cadre, code="other")


def test_a_code_in_use_is_not_created_again(item, cadre):
    values = {name: getattr(item, name) for name in ("code", "category", "name", "everyday_name", "handling_mode")}
    with pytest.raises(Changed, match=f"编码“{item.code}”"):
        catalogue.create(division=item.division, by=cadre, statutory_kind="none", promised_kind="none", **values)


def test_a_version_that_was_revised_since_is_not_ended(item, cadre):
    catalogue.revise(item=copy(item), by=cadre, minutes=45)
    with pytest.raises(Changed, match="还没有停办"):
        catalogue.end(item=item, by=cadre)


def test_what_has_ended_is_ended_again_without_a_word(item, cadre):
    first = catalogue.end(item=copy(item), by=cadre)
    assert catalogue.end(item=item, by=cadre).valid_to == first.valid_to == timezone.localdate()


def test_a_county_adopts_the_starter_catalogue_once(county, item):
    assert len(starter.adopt(division=county).new) == 46
    assert starter.adopt(division=county).new == []


def test_every_item_of_the_starter_catalogue_is_valid(county):
    for item in starter.items(county):
        item.full_clean()


def test_every_item_of_the_starter_catalogue_says_that_it_is_an_illustration(county):
    assert all("各县不同" in item.source_note for item in starter.items(county))


def test_some_items_take_longer_than_a_slot(county):
    assert {item.minutes for item in starter.items(county)} >= {15, 30, 45, 60}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_revisions_at_once_one_stands(item, cadre):
    answers = together(lambda number: catalogue.revise(item=item, by=cadre, minutes=number), range(31, 31 + AT_ONCE))
    assert sum(isinstance(answer, Changed) for answer in answers) == AT_ONCE - 1
    assert ServiceItem.objects.current().filter(code=item.code).count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_reading_before_writing_lets_several_close_the_same_version(item):
    """Without the conditional UPDATE, all of them succeed in closing it, and only the unique constraint refuses."""

    def naive(_number: int) -> str:
        current = ServiceItem.objects.get(pk=item.pk)
        read.append(current.valid_to)
        with transaction.atomic():
            ServiceItem.objects.filter(pk=item.pk).update(valid_to=timezone.localdate())
            current.pk, current.version, current.valid_to = None, 2, None
            try:
                with transaction.atomic():
                    current.save(force_insert=True)
            except IntegrityError:
                return "refused by the constraint"
        return "stands"

    read: list = []
    answers = together(naive, range(AT_ONCE))
    assert answers.count("refused by the constraint") > 0


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_behind_a_revision_an_item_is_not_said_to_have_ended(item, cadre):
    revise = partial(catalogue.revise, item=copy(item), by=cadre, minutes=45)
    revised, answer = behind(revise, partial(catalogue.end, item=copy(item), by=cadre))
    assert isinstance(answer, Changed) and "还没有停办" in str(answer)
    assert ServiceItem.objects.current().get(code=item.code) == revised


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_who_create_an_item_the_second_reads_that_it_is_there(county, cadre):
    fields = model_to_dict(starter.items(county)[0], fields=CONTENT) | {"code": "new"}
    create = partial(catalogue.create, division=county, by=cadre, **fields)
    made, answer = behind(create, create)
    assert isinstance(answer, Changed) and "别人刚刚建的" in str(answer)
    assert ServiceItem.objects.get(code="new") == made


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_starter_catalogue_is_adopted_once_by_two(county):
    adopt = partial(starter.adopt, division=county)
    first, second = behind(adopt, adopt)
    assert (len(first.new), len(second.new), len(second.stood)) == (47, 0, 47)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_who_offer_an_ended_item_again_one_makes_the_version(item, cadre):
    catalogue.end(item=item, by=cadre)
    answers = together(lambda _number: catalogue.resume(item=item, by=cadre), range(AT_ONCE))
    assert {answer.version for answer in answers} == {2}
    assert ServiceItem.objects.filter(code=item.code).count() == 2
