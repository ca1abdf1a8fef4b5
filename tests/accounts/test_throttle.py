import pytest
from django.db import transaction

from portal.accounts import codes, throttle
from portal.accounts.models import Throttle

pytestmark = pytest.mark.django_db


def test_it_allows_as_many_as_the_limit():
    assert [throttle.allow("door", 2, 60) for _ in range(3)] == [True, True, False]


def test_keys_do_not_touch_each_other():
    throttle.allow("door", 1, 60)
    assert throttle.allow("window", 1, 60)


def test_the_window_slides(time_machine):
    answers = []
    for second in (0, 50, 59, 61, 62):
        time_machine.move_to(1_772_413_200 + second, tick=False)
        answers.append(throttle.allow("door", 2, 60))
    assert answers == [True, True, False, True, False]


def test_a_large_limit_keeps_a_small_row(time_machine):
    for second in range(300):
        time_machine.move_to(1_772_413_200 + second, tick=False)
        throttle.allow("budget", 1000, 300)
    assert len(Throttle.objects.get().moments) <= throttle.EXACT_UP_TO + 1


def test_a_large_limit_is_never_exceeded(time_machine):
    time_machine.move_to(1_772_413_200, tick=False)
    assert [throttle.allow("budget", 100, 300) for _ in range(120)].count(True) == 100


def test_what_is_given_back_may_be_used_again():
    throttle.allow("door", 1, 60)
    throttle.give_back("door", 60)
    assert throttle.allow("door", 1, 60)


def test_giving_back_what_was_never_taken_is_no_gift():
    throttle.give_back("door", 60)
    assert [throttle.allow("door", 1, 60) for _ in range(2)] == [True, False]


def test_what_is_rolled_back_was_not_counted():
    with transaction.atomic():
        throttle.allow("door", 1, 60)
        transaction.set_rollback(True)
    assert throttle.allow("door", 1, 60)


def test_no_phone_number_stands_in_the_table():
    throttle.allow("sms:13800005678", 1, 60)
    row = Throttle.objects.get()
    assert "13800005678" not in f"{row.key}{row.moments}"


def test_load_tests_may_switch_it_off(settings):
    settings.RATE_LIMITS = False
    assert all(throttle.allow("door", 1, 60) for _ in range(5))


def test_what_no_longer_decides_anything_is_dropped(sent, time_machine):
    time_machine.move_to("2026-03-02T09:00:00+08:00", tick=False)
    codes.send(phone="13800005678", purpose="sign_in", address="192.0.2.1")
    time_machine.move_to("2026-03-04T09:00:00+08:00", tick=False)
    assert codes.forget_old() == 7
    assert not Throttle.objects.exists()
