"""Race test for guesses, with a control: a read-then-write counter lets more guesses through."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import close_old_connections, connection
from django.test import Client
from django.utils import timezone

from portal.accounts import codes, throttle
from portal.accounts.models import LoginCode
from tests.accounts.conftest import ask_for_code, give_code, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

PHONE, AT_ONCE = "13800005678", 60


def test_sixty_parallel_guesses_are_judged_five_times():
    row, _code = codes._issue(PHONE, "sign_in", timezone.now())
    at_once(lambda _: codes.verify(pk=row.pk, phone=PHONE, purpose="sign_in", guess="wrong"))
    assert LoginCode.objects.get(pk=row.pk).attempts == 5


def test_the_code_is_dead_after_parallel_guesses():
    row, code = codes._issue(PHONE, "sign_in", timezone.now())
    at_once(lambda _: codes.verify(pk=row.pk, phone=PHONE, purpose="sign_in", guess="wrong"))
    assert not codes.verify(pk=row.pk, phone=PHONE, purpose="sign_in", guess=code)


def test_of_sixty_right_guesses_one_wins():
    row, code = codes._issue(PHONE, "sign_in", timezone.now())
    answers = at_once(lambda _: codes.verify(pk=row.pk, phone=PHONE, purpose="sign_in", guess=code))
    assert answers.count(True) == 1


def test_control_a_counter_read_before_it_is_written_judges_more_than_five():
    row, _code = codes._issue(PHONE, "sign_in", timezone.now())
    all_have_read = Barrier(AT_ONCE, timeout=30)

    def naive(_) -> bool:
        seen = LoginCode.objects.get(pk=row.pk)
        all_have_read.wait()
        if seen.attempts >= 5:
            return False
        LoginCode.objects.filter(pk=row.pk).update(attempts=min(seen.attempts + 1, 5))
        return True

    assert at_once(naive).count(True) == AT_ONCE


def test_over_http_no_more_than_five_guesses_are_judged(villager, sent, monkeypatch, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    client = Client()
    ask_for_code(client, PHONE)
    judged = []
    compare = codes.constant_time_compare
    monkeypatch.setattr(codes, "constant_time_compare", lambda a, b: judged.append(1) or compare(a, b))

    def guess(number: int) -> None:
        one_of_many = Client()
        one_of_many.cookies["sessionid"] = client.cookies["sessionid"].value
        give_code(one_of_many, f"x{number}")

    at_once(guess)
    assert len(judged) == 5
    give_code(client, sent[0][1])
    assert not signed_in(client)


def test_sixty_at_once_are_allowed_as_often_as_the_limit_says():
    answers = at_once(lambda _: throttle.allow("door", limit=7, per_seconds=60))
    assert answers.count(True) == 7


def test_sixty_requests_at_once_send_one_message(sent):
    def ask(_) -> bool:
        try:
            codes.send(phone=PHONE, purpose="sign_in", address="192.0.2.1")
        except codes.TooManyCodes:
            return False
        return True

    assert at_once(ask).count(True) == 1
    assert len(sent) == 1


def at_once(action: Callable) -> list:
    """Run `action` in sixty threads in parallel, each on its own connection."""
    together = Barrier(AT_ONCE, timeout=30)

    def run(number: int):
        try:
            connection.ensure_connection()
            together.wait()
            return action(number)
        finally:
            close_old_connections()
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))
