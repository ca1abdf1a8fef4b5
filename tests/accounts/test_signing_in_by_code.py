import re
import time

import pytest
from django.test import Client

from portal.accounts.models import LoginCode, User
from tests.accounts.conftest import ask_for_code, give_code, sign_in, signed_in

KNOWN, UNKNOWN = "13800005678", "13700000001"


def test_a_known_phone_signs_in_with_the_code_it_was_sent(client, villager, sent):
    ask_for_code(client, KNOWN)
    response = give_code(client, sent[0][1])
    assert response["Location"] == "/me/"
    assert client.session["_auth_user_id"] == str(villager.pk)


def test_a_proven_phone_is_marked_as_verified(client, villager, sent):
    ask_for_code(client, KNOWN)
    give_code(client, sent[0][1])
    villager.refresh_from_db()
    assert villager.phone_verified_at is not None


def test_a_new_phone_gets_an_account_with_its_first_code(client, db, sent):
    ask_for_code(client, UNKNOWN)
    assert not User.objects.exists()
    give_code(client, sent[0][1])
    assert signed_in(client)
    user = User.objects.get(phone=UNKNOWN)
    assert not user.has_usable_password()
    assert UNKNOWN not in user.username


def test_the_same_new_phone_comes_back_to_the_same_account(db, sent, time_machine):
    time_machine.move_to("2026-03-02T09:00:00+08:00", tick=False)
    for minute in (0, 2):
        time_machine.move_to(f"2026-03-02T09:0{minute}:00+08:00", tick=False)
        client = Client()
        ask_for_code(client, UNKNOWN)
        give_code(client, sent[-1][1])
        assert signed_in(client)
    assert User.objects.count() == 1


def test_a_code_works_once(villager, sent):
    first, second = Client(), Client()
    ask_for_code(first, KNOWN)
    # An attacker has copied the session cookie and the code.
    second.cookies = first.cookies.copy()
    give_code(first, sent[0][1])
    LoginCode.objects.get(used_at__isnull=False)
    replay = Client()
    replay.cookies["sessionid"] = second.cookies["sessionid"].value
    give_code(replay, sent[0][1])
    assert not signed_in(replay)


def test_a_code_works_only_where_it_was_asked_for(client, villager, sent, time_machine):
    """Otherwise a stranger who requests a code could use up the owner's five attempts."""
    time_machine.move_to("2026-03-02T09:00:00+08:00", tick=False)
    ask_for_code(client, KNOWN)
    time_machine.move_to("2026-03-02T09:01:00+08:00", tick=False)
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    ask_for_code(stranger, KNOWN)
    give_code(stranger, sent[0][1])
    assert not signed_in(stranger)
    give_code(client, sent[0][1])
    assert signed_in(client)


def test_a_code_dies_after_five_wrong_guesses(client, villager, sent):
    ask_for_code(client, KNOWN)
    wrong = "000000" if sent[0][1] != "000000" else "000001"
    for _ in range(5):
        give_code(client, wrong)
    give_code(client, sent[0][1])
    assert not signed_in(client)


def test_a_code_dies_after_five_minutes(client, villager, sent, time_machine):
    time_machine.move_to("2026-03-02T09:00:00+08:00", tick=False)
    ask_for_code(client, KNOWN)
    time_machine.move_to("2026-03-02T09:05:01+08:00", tick=False)
    give_code(client, sent[0][1])
    assert not signed_in(client)


def test_full_width_digits_and_blanks_are_read_as_meant(client, villager, sent):
    ask_for_code(client, KNOWN)
    code = sent[0][1]
    full_width = code.translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})
    give_code(client, f" {full_width[:3]} {full_width[3:]} ")
    assert signed_in(client)


def test_a_disabled_account_is_not_signed_in_by_code(client, villager, sent):
    villager.is_active = False
    villager.save()
    ask_for_code(client, KNOWN)
    give_code(client, sent[0][1])
    assert not signed_in(client)


def test_what_is_no_mainland_mobile_number_is_refused(client, db, sent):
    for number in ["12345", "+1 415 555 0100", "010-12345678", "23800005678"]:
        assert "请填写11位手机号" in ask_for_code(client, number).content.decode()
    assert sent == []


def test_known_and_unknown_phones_are_answered_alike(villager, sent):
    pages = []
    for phone in (KNOWN, UNKNOWN):
        client = Client()
        asked = ask_for_code(client, phone)
        shown = client.get(asked["Location"])
        wrong = give_code(client, "abcdef")
        pages.append([(page.status_code, _words(page, phone)) for page in (asked, shown, wrong)])
    assert pages[0] == pages[1]
    assert [phone for phone, _ in sent] == [KNOWN, UNKNOWN]


def test_known_and_unknown_phones_take_the_same_time(villager, sent, settings):
    settings.RATE_LIMITS = False
    settings.ACCOUNT_RATE_LIMITS = False
    took: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for _ in range(20):
        for phone, times in took.items():
            client = Client()
            started = time.perf_counter()
            ask_for_code(client, phone)
            times.append(time.perf_counter() - started)
    known, unknown = (min(times) for times in took.values())  # what else the machine does can only add to it
    assert abs(known - unknown) < 0.01


def test_who_mistyped_the_phone_can_start_again(client, villager, sent):
    ask_for_code(client, UNKNOWN)
    assert client.get("/accounts/login/code/").status_code == 200
    ask_for_code(client, KNOWN)
    give_code(client, sent[-1][1])
    assert client.session["_auth_user_id"] == str(villager.pk)


def test_the_code_leads_on_to_where_one_was_going(client, villager, sent):
    asked = client.post("/accounts/login/code/?next=/accounts/sessions/", {"phone": KNOWN})
    query = asked["Location"].partition("?")[2]
    assert give_code(client, sent[0][1], f"?{query}")["Location"] == "/accounts/sessions/"


def test_a_code_leads_nowhere_else(client, villager, sent):
    ask_for_code(client, KNOWN)
    assert give_code(client, sent[0][1], "?next=https://evil.example/")["Location"] == "/me/"


@pytest.mark.parametrize("demo", [True, False])
def test_the_code_is_on_the_screen_in_the_demo_only(client, villager, sent, settings, demo):
    settings.DEMO = demo
    page = client.get(ask_for_code(client, KNOWN)["Location"]).content.decode()
    code = sent[0][1]
    assert (f"{code[:3]} {code[3:]}" in page) is demo


def test_no_code_stands_in_the_session(client, villager, sent):
    ask_for_code(client, KNOWN)
    assert sent[0][1] not in str(dict(client.session))


def test_whoever_came_by_code_sets_a_new_password_without_the_old_one(client, villager, sent):
    ask_for_code(client, KNOWN)
    give_code(client, sent[0][1])
    client.post("/accounts/password/change/", {"password1": "new-and-long-7", "password2": "new-and-long-7"})
    villager.refresh_from_db()
    assert villager.check_password("new-and-long-7")


def test_whoever_came_by_password_needs_the_old_one(client, villager):
    sign_in(client, "zhang")
    client.post("/accounts/password/change/", {"password1": "new-and-long-7", "password2": "new-and-long-7"})
    villager.refresh_from_db()
    assert not villager.check_password("new-and-long-7")


def _words(page, phone: str) -> str:
    """What the page says, without what differs by design: the number itself and one-time tokens."""
    text = page.content.decode() + page.get("Location", "")
    text = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", text)
    for spelling in (phone, f"{phone[:3]} {phone[3:7]} {phone[7:]}"):
        text = text.replace(spelling, "PHONE")
    return text
