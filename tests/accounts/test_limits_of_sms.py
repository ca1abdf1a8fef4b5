import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from portal.accounts import codes
from portal.accounts.models import User
from tests.accounts.conftest import ask_for_code

PHONE = "13800005678"


def at(time_machine, seconds: float) -> None:
    time_machine.move_to(1_772_413_200 + seconds, tick=False)


def ask(phone: str = PHONE, address: str = "192.0.2.1") -> bool:
    try:
        codes.send(phone=phone, purpose="sign_in", address=address)
    except codes.TooManyCodes:
        return False
    return True


def test_one_phone_gets_one_code_a_minute(db, sent, time_machine):
    answers = []
    for second in (0, 30, 59, 60):
        at(time_machine, second)
        answers.append(ask())
    assert answers == [True, False, False, True]


def test_one_phone_gets_five_codes_in_any_hour(db, sent, time_machine):
    answers = []
    for minute in (0, 55, 56, 57, 58, 59, 60, 61):
        at(time_machine, minute * 60)
        answers.append(ask())
    # Not twice as many around the full hour: at 61 minutes one of the five is old enough, and it was used at 60.
    assert answers == [True, True, True, True, True, False, True, False]


def test_one_phone_gets_ten_codes_a_day(db, sent, time_machine):
    answers = []
    for hour in range(12):
        at(time_machine, hour * 3600)
        answers.append(ask())
    assert answers.count(True) == 10


def test_one_address_gets_three_hundred_codes_an_hour(db, sent, time_machine):
    at(time_machine, 0)
    answers = [ask(f"13800005{number:03}") for number in range(302)]
    assert answers.count(True) == 300
    assert ask("13800005999", address="192.0.2.2")


def test_the_budget_of_the_day_ends(villager, sent, settings):
    settings.SMS_DAILY_BUDGET = 3
    User.objects.update(last_login=timezone.now())
    for number in range(5):
        User.objects.create(username=f"v{number}", phone=f"1380000560{number}", last_login=timezone.now())
    answers = [ask(f"1380000560{number}", address=f"192.0.2.{number}") for number in range(5)]
    assert answers == [True, True, True, False, False]
    assert len(sent) == 3


def test_a_refusal_uses_up_no_other_allowance(db, sent, time_machine):
    at(time_machine, 0)
    ask()
    for _ in range(30):
        ask()
    assert ask("13800005679")


def test_only_mainland_mobile_numbers_get_codes(db, sent):
    with pytest.raises(ValidationError):
        codes.send(phone="02812345678", purpose="sign_in", address="192.0.2.1")


def test_the_page_says_when_to_come_back(client, villager, sent):
    ask_for_code(client, PHONE)
    assert "请等一分钟再要" in ask_for_code(client, PHONE).content.decode()


def test_a_limit_answers_known_and_unknown_phones_alike(client, villager, sent):
    ask_for_code(client, PHONE)
    ask_for_code(client, "13700000001")
    known, unknown = (ask_for_code(client, phone) for phone in (PHONE, "13700000001"))
    assert str(known.context["form"].errors) == str(unknown.context["form"].errors)


def test_a_forwarded_address_is_not_believed_without_a_proxy(db, sent, monkeypatch):
    monkeypatch.setattr(codes, "PER_ADDRESS_AND_HOUR", 20)
    for number in range(25):
        ask_for_code(Client(), f"138000056{number:02}", headers={"x-forwarded-for": f"198.51.100.{number}"})
    assert len(sent) == 20
