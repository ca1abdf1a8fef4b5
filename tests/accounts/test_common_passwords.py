"""Which passwords are refused: short ones, and those on lists of common ones."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.accounts.conftest import PASSWORD, sign_in


@pytest.mark.parametrize(
    "password",
    [
        "password2026",
        "P@ssw0rd123",
        "Woaini@1314",
        "woaini5201314",
        "a123456789",
        "abc1234567890",
        "jiamenkou2026",
        "Dangqun@2026",
        "dragon12345!",
        "1234567890",
        "19800101123",
        "１２３４５６７８９０",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "1qaz2wsx3edc",
        "poiuytrewq",
        "zhangwei1990",
        "家门口20260101",
        "p a s s w o r d 1",
    ],
)
def test_a_common_one_is_refused_also_with_digits_around_it(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert "password_too_common" in [error.code for error in refused.value.error_list]


def test_a_short_one_is_refused():
    with pytest.raises(ValidationError) as refused:
        validate_password("kq7-zm2xw")
    assert [error.code for error in refused.value.error_list] == ["password_too_short"]


@pytest.mark.parametrize(
    "password", ["kq7-zm2xw9", "nine river stones", "open-sesame-9", "两只黄鹂鸣翠柳一行", "河边有九块石头啊哈"]
)
def test_others_are_taken(password):
    validate_password(password + "。")


def test_the_page_says_what_to_do(client, villager):
    sign_in(client, "zhang")
    new = {"oldpassword": PASSWORD, "password1": "woaini5201314", "password2": "woaini5201314"}

    page = client.post("/accounts/password/change/", new).content.decode()

    villager.refresh_from_db()
    assert "这个密码太常见" in page
    assert villager.check_password(PASSWORD)
