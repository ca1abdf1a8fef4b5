"""Which passwords are refused: short ones, and those on lists of common ones."""

import random
import string
import time

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from portal.accounts.passwords import NotCommon
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
        "password1password",
        "monkeymonkey1",
        "Jiamenkou@Jiamenkou",
        "admin.admin1",
        "aini520aini",
        "W0aini1314",
        "1qaz@WSX3edc",
        "123qwe!@#QWE",
        "lovelylovely",
        "jiamenkou.cn",
        "www.jiamenkou",
        "Pa$$w0rd2026",
        "$unsh1ne2026",
        "1L0vey0u2026",
        "2026dr4g0n!!",
        "pass2026word",
        "open-sesame-9",
        "!QAZ2wsx#EDC",
        "Dangqun.dangqun",
    ],
)
def test_a_common_one_is_refused_also_as_it_is_usually_varied(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert "password_too_common" in [error.code for error in refused.value.error_list]


def test_a_short_one_is_refused():
    with pytest.raises(ValidationError) as refused:
        validate_password("kq7-zm2xw")
    assert [error.code for error in refused.value.error_list] == ["password_too_short"]


@pytest.mark.parametrize(
    "password", ["kq7-zm2xw9", "nine river stones", "open-lantern-9", "两只黄鹂鸣翠柳一行", "河边有九块石头啊哈"]
)
def test_others_are_taken(password):
    validate_password(password + "。")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "monkey river lantern",
        "my dragon sells umbrellas",
        "welcome rain on tuesday",
        "qingwa zai jing li changge",
        "laoma-shi-tu-42-guo",
        "summer plums, winter coal",
        "7 Wells & 3 old bridges",
        "x7Rq!tr0y9Zb",
        "Hq4$wn8Lz2vK",
        "banana lamp banana boat",
        "春江水暖鸭先知道",
    ],
)
def test_honest_phrases_are_taken_though_common_words_stand_in_them(password):
    validate_password(password if len(password) > 9 else password + "。。")


def test_few_that_are_drawn_at_random_are_refused():
    """Ten letters and digits, as a program for passwords makes them: less than one in a hundred."""
    drawn = random.Random(7)
    letters, asked = string.ascii_letters + string.digits, NotCommon()

    refused = sum(asked.is_common("".join(drawn.choices(letters, k=10))) for _ in range(2000))

    assert refused < 20


def test_a_very_long_one_is_judged_at_once():
    asked, started = NotCommon(), time.monotonic()

    assert asked.is_common("monkey" * 20_000)
    assert not asked.is_common("nine river stones and a crow " * 3_000 + "home")

    assert time.monotonic() - started < 2


def test_the_page_says_what_to_do(client, villager):
    sign_in(client, "zhang")
    new = {"oldpassword": PASSWORD, "password1": "woaini5201314", "password2": "woaini5201314"}

    page = client.post("/accounts/password/change/", new).content.decode()

    villager.refresh_from_db()
    assert "这个密码太常见" in page
    assert villager.check_password(PASSWORD)
