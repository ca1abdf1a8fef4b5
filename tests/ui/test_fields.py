"""Form fields normalise what people type, and refuse the rest with a Chinese message."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from portal.ui.forms import CodeField, Form, LongTextField, NameField, PhoneField, TextField
from portal.ui.text import clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  张　秀兰 ", "张 秀兰"),
        ("ＡＢＣ１２３", "ABC123"),
        ("不开门？（周一）", "不开门？（周一）"),
        ("a\x00b\x07c", "abc"),
        ("\u202e倒着写\u200b\ufeff", "倒着写"),
        ("一\r\n二", "一 二"),
        ("好\U0001f44d", "好\U0001f44d"),
        ("𠮷\U00031350", "𠮷\U00031350"),
        ("坏\uffff", "坏"),
    ],
)
def test_text_is_stored_composed_half_width_and_visible(typed, kept):
    assert clean_text(typed) == kept


def test_long_text_keeps_its_lines():
    assert LongTextField().clean("一\r\n\r\n\r\n\r\n二\u200b") == "一\n\n二"


def test_a_lone_surrogate_is_refused_with_a_sentence():
    with pytest.raises(ValidationError, match="认不出"):
        TextField().clean("好\ud83d")


def test_too_long_is_refused_with_both_numbers():
    with pytest.raises(ValidationError, match="最多100个字，现在是101个字"):
        TextField().clean("长" * 101)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_cleaning_twice_changes_nothing(text):
    assert clean_text(clean_text(text)) == clean_text(text)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("13800005678", "13800005678"),
        ("138 0000 5678", "13800005678"),
        ("138-0000-5678", "13800005678"),
        ("１３８００００５６７８", "13800005678"),
        ("+86 13800005678", "13800005678"),
        ("+8613800005678", "13800005678"),
        ("\u202d138\u200b00005678\u202c", "13800005678"),
        ("（0571）88886666", "057188886666"),
        ("010-88886666", "01088886666"),
        ("0571 888 6666", "05718886666"),
        ("0399-5551234", "03995551234"),
        ("+86 399 5551234", "03995551234"),
        ("86 138 0000 5678", "13800005678"),
        ("0086-138-0000-5678", "13800005678"),
        ("013800005678", "13800005678"),
        ("400-800-1234", "4008001234"),
        ("12345", "12345"),
    ],
)
def test_a_phone_is_taken_as_people_write_it(typed, digits):
    assert PhoneField().clean(typed) == digits


@pytest.mark.parametrize(
    "typed",
    [
        "1380000567",
        "138000056789",
        "23800005678",
        "12800005678",
        "88886666",
        "一三八",
        "138O0005678",
        "+1 2025550123",
        "١٣٨٠٠٠٠٥٦٧٨",
        "13800005678;drop",
    ],
)
def test_a_wrong_phone_is_refused_with_an_example(typed):
    with pytest.raises(ValidationError, match="138 0000 5678"):
        PhoneField().clean(typed)


def test_a_landline_cannot_receive_a_message():
    with pytest.raises(ValidationError, match="11位数字"):
        PhoneField(mobile_only=True).clean("057188886666")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张秀兰", "张秀兰"),
        ("张 秀兰", "张秀兰"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提.艾力", "买买提·艾力"),
        ("Anna Müller", "Anna Müller"),
        ("བསོད་ནམས", "བསོད་ནམས"),
        ("李𠮷", "李𠮷"),
        ("李\ue863", "李\ue863"),
        ("张", "张"),
        ("冯〇", "冯〇"),
        ("冯○", "冯〇"),
        ("O’Brien", "O’Brien"),
        ("J. Smith", "J. Smith"),
        ("abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz"),
        ("李　四", "李四"),
        ("王   五", "王五"),
        ("买买提 · 艾力", "买买提·艾力"),
        ("买买提‧艾力", "买买提·艾力"),
        ("买买提･艾力", "买买提·艾力"),
    ],
)
def test_a_name_is_taken_as_its_owner_writes_it(typed, name):
    assert NameField().clean(typed) == name


@pytest.mark.parametrize("typed", ["张3", "13800005678", "=cmd()", "\u200b", "·", "😀😀", "张" * 41, "<b>张三</b>"])
def test_what_is_no_name_is_refused(typed):
    with pytest.raises(ValidationError):
        NameField().clean(typed)


@pytest.mark.parametrize("typed", ["482913", "482 913", "482-913", "４８２９１３"])
def test_a_code_is_taken_with_and_without_its_gap(typed):
    assert CodeField().clean(typed) == "482913"


class Visit(Form):
    name = NameField()
    reason = forms.CharField(label="来办什么")
    item = forms.ChoiceField(label="事项", choices=[("1", "一")])
    own = forms.CharField(label="备注", error_messages={"required": "自己的话。"})
    agreed = forms.BooleanField(label="同意")


def test_a_missing_answer_is_asked_for_by_its_name():
    assert Visit({}).errors == {
        "name": ["请填写姓名。"],
        "reason": ["请填写来办什么。"],
        "item": ["请选择事项。"],
        "own": ["自己的话。"],
        "agreed": ["请先打勾：同意。"],
    }


def test_a_plain_django_field_is_cleaned_as_well():
    form = Visit({"reason": "盖\u202e章\x07", "own": "１"})
    form.is_valid()
    assert (form.cleaned_data["reason"], form.cleaned_data["own"]) == ("盖章", "1")


def test_a_choice_that_is_gone_is_told_kindly():
    assert Visit({"item": "99"}).errors["item"] == ["选的这一项现在不能用了，请另选一个。"]
