"""RuleBroken is uniform, whether a service, a model or the database refused."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from centers.models import Division, Room
from portal.ui.errors import RuleBroken, TooMany, explain
from tests.factories.centers import DivisionFactory, RoomFactory


class PlaceForm(forms.Form):
    time = forms.CharField(required=False)


def test_a_refusal_has_a_sentence_and_a_stable_code():
    refusal = RuleBroken("还剩%(left)d个。", code="few", left=2)
    assert (str(refusal), refusal.code, refusal.params) == ("还剩2个。", "few", {"left": 2})


def test_a_sentence_with_a_percent_sign_is_said_as_it_is():
    assert str(RuleBroken("满 85% 才行。")) == "满 85% 才行。"


def test_a_refusal_shows_at_its_field():
    form = PlaceForm({})
    TooMany(field="time").add_to(form)
    assert "今天已经到上限了" in form.errors["time"][0]


def test_a_refusal_without_such_a_field_shows_above_the_form():
    form = PlaceForm({})
    TooMany(field="nowhere").add_to(form)
    assert "今天已经到上限了" in form.non_field_errors()[0]


def test_a_models_refusal_keeps_its_field():
    refusal = explain(ValidationError({"phone": ValidationError("不对。", code="phone")}))
    assert (str(refusal), refusal.code, refusal.field) == ("不对。", "phone", "phone")


def test_a_models_refusal_as_a_whole_has_no_field():
    assert explain(ValidationError("不行。")).field is None


def refusal_of(write) -> RuleBroken:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
    return explain(caught.value)


def test_a_unique_rule_of_the_database_speaks_its_own_sentence(db):
    room = RoomFactory()
    refusal = refusal_of(lambda: Room.objects.create(center=room.center, name=room.name))
    assert (str(refusal), refusal.code) == ("这个中心已经有同名的房间。", "a_room_name_is_used_once_in_a_center")


def test_a_partial_unique_rule_names_its_only_field(db):
    division = DivisionFactory()
    refusal = refusal_of(
        lambda: Division.objects.create(
            code=division.code, name="又一个", level=division.level, valid_from=date(2020, 1, 1)
        )
    )
    assert (refusal.code, refusal.field) == ("one_current_division_per_code", "code")


def test_a_check_of_the_database_speaks_its_own_sentence(db):
    division = DivisionFactory()
    early = Division.objects.filter(pk=division.pk)
    refusal = refusal_of(lambda: early.update(valid_to=date(1900, 1, 1)))
    assert refusal.code == "a_division_ends_after_it_starts"


def test_a_fault_that_no_rule_of_ours_explains_is_raised_again():
    with pytest.raises(IntegrityError):
        explain(IntegrityError("NOT NULL constraint failed: x.y"))
