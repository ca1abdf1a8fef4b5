"""Typical attacks (OWASP) against the whole portal."""

import importlib
import re
import sys

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from appointments.booking.look_up import LOOKUPS_PER_ADDRESS, LOOKUPS_PER_PHONE
from appointments.models import Appointment
from centers.people import rate_limits
from portal.accounts.models import User
from portal.notifications.models import Message
from tests import factories
from tests.access import matrix
from tests.appointments.steps import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example",
]
LIVE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("onward", ELSEWHERE)
def test_a11_no_next_leads_elsewhere(client, onward, villager):
    answers = [
        client.post("/look/", {"next": onward, "look": "elder"}),
        client.post("/accounts/login/", {"login": villager.username, "password": "demo-jiamenkou", "next": onward}),
        client.get("/accounts/login/", {"next": onward}),
        client.post("/accounts/logout/", {"next": onward}),
    ]

    assert [answer.get("Location", "") for answer in answers if "evil" in answer.get("Location", "")] == []
    assert answers[1].status_code == 302


def test_a12_nothing_that_was_stored_runs(center, item, slot, resident, cadre, manager, officer, signed_in):
    """Form validation refuses such names; here they are in the database anyway."""
    for row, names in ((center, ("name", "address", "directions")), (item, ("name", "everyday_name", "keywords"))):
        for name in names:
            setattr(row, name, LIVE)
        row.save()
    type(resident).objects.filter(pk=resident.pk).update(name=LIVE, villager_group=LIVE)
    factories.RoomFactory(center=center, name=LIVE, is_public=True)
    booked = book(slot, item, resident)
    Appointment.objects.filter(pk=booked.pk).update(note=LIVE, contact_name=LIVE)
    factories.RatingFactory(
        appointment=factories.AppointmentFactory(center=center, item=item, resident=resident, served=True), comment=LIVE
    )
    day = f"?day={at(3, 9):%Y-%m-%d}"
    asked = [
        (Client(), ["/", "/centers/", f"/centers/{center.code}/", f"/centers/{center.code}/book/", "/items/"]),
        (Client(), [f"/items/{item.code}/", f"/bookings/{booked.link}/", f"/bookings/{booked.link}/print/"]),
        (
            signed_in(cadre),
            [f"/desk/{day}", f"/desk/print/{day}", f"/desk/appointments/{booked.pk}/", "/desk/book/?q=img"],
        ),
        (signed_in(officer), ["/oversight/", "/oversight/rows/?what=ratings", "/desk/messages/"]),
        (signed_in(factories.UserFactory(is_staff=True, is_superuser=True)), every_list()),
    ]

    pages = {path: client.get(path) for client, paths in asked for path in paths}

    assert {path: page.status_code for path, page in pages.items() if page.status_code != 200} == {}
    assert [path for path, page in pages.items() if LIVE in page.content.decode()] == []


def every_list() -> list[str]:
    names = {line for line, *_rest in matrix.lines() if line.endswith("_changelist")}
    return [reverse(name) for name in sorted(names)]


def test_a12_a_line_break_in_a_name_adds_no_line_to_the_calendar(client, center, item, slot, resident):
    center.name = "柳湾\r\nATTACH:https://evil.example/"
    center.save()

    calendar = client.get(f"/bookings/{book(slot, item, resident).link}/calendar.ics").content.decode()

    assert "\nATTACH" not in calendar


def test_a14_cookies_over_https_are_kept_from_scripts_and_plain_http(monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://portal.example")
    settings = importlib.reload(importlib.import_module("portal.settings"))
    try:
        assert settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SECURE_SSL_REDIRECT
        assert settings.SESSION_COOKIE_HTTPONLY and settings.SECURE_HSTS_SECONDS >= 31_536_000
    finally:
        monkeypatch.undo()
        importlib.reload(sys.modules["portal.settings"])


def test_signing_in_gives_a_new_session(client, villager):
    client.get("/accounts/login/?next=/me/")
    session = client.session
    session["typed"] = 1
    session.save()
    client.cookies["sessionid"] = before = session.session_key

    client.post("/accounts/login/", {"login": villager.username, "password": "demo-jiamenkou"})

    assert client.cookies["sessionid"].value != before


@pytest.mark.parametrize("page", ["/accounts/login/", "/", "/desk/"])
def test_a17_a_made_up_host_is_refused(client, page):
    assert client.get(page, headers={"Host": "evil.example"}).status_code == 400


def test_a17_a_made_up_forwarded_for_does_not_start_a_new_count(client):
    for guess in range(LOOKUPS_PER_ADDRESS):
        look_up(client, 200_000 + guess, phone=f"139{guess:08d}", HTTP_X_FORWARDED_FOR=f"9.9.9.{guess}")

    assert look_up(client, 300_000, phone="13700009999", HTTP_X_FORWARDED_FOR="8.8.8.8").status_code == 429


def look_up(client, code: int, phone: str, **extra):
    return client.post("/bookings/", {"phone": phone, "code": code}, **extra)


def test_nobody_is_kept_from_their_booking_by_ten_guesses_of_a_stranger(client, slot, item, resident):
    booked = book(slot, item, resident)
    for guess in range(11):
        look_up(client, 200_000 + guess, booked.phone, REMOTE_ADDR="9.9.9.9")

    assert look_up(client, booked.code, booked.phone, REMOTE_ADDR="8.8.8.8").status_code == 302


def test_a_proven_number_is_not_held_up_by_what_others_do_with_it(slot, item, resident, villager, signed_in):
    booked = book(slot, item, resident)
    User.objects.filter(pk=villager.pk).update(phone=booked.phone, phone_verified_at=at(-1, 9))
    for guess in range(LOOKUPS_PER_PHONE):
        look_up(Client(), 200_000 + guess, booked.phone, REMOTE_ADDR=f"9.9.9.{guess}")

    assert look_up(Client(), booked.code, booked.phone, REMOTE_ADDR="8.8.8.8").status_code == 429
    assert look_up(signed_in(villager), booked.code, booked.phone, REMOTE_ADDR="8.8.8.8").status_code == 302


def test_a19_moving_to_and_fro_ends_before_it_fills_a_strangers_phone(client, center, slot, item, resident):
    other = factories.SlotFactory(center=center, starts_at=at(4, 9))
    booked = book(slot, item, resident)

    for turn in range(12):
        client.post(f"/bookings/{booked.link}/move/", {"slot": (other, slot)[turn % 2].pk})

    assert Message.objects.filter(kind="moved", channel="sms").count() <= rate_limits.RESCHEDULINGS_PER_PHONE_AND_DAY


def test_a20_the_audit_log_is_read_and_never_written(signed_in, resident):
    client = signed_in(factories.UserFactory(is_staff=True, is_superuser=True))
    resident.villager_group = "河沿组"
    resident.save()
    entry = LogEntry.objects.get_for_object(resident).latest("pk")
    page = reverse("admin:auditlog_logentry_changelist")

    answers = [
        client.post(page, {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}),
        client.post(f"{page}{entry.pk}/delete/", {"post": "yes"}),
        client.post(f"{page}{entry.pk}/change/", {"changes": "{}"}),
    ]

    assert [answer.status_code for answer in answers[1:]] == [403, 403]
    assert LogEntry.objects.filter(pk=entry.pk, changes=entry.changes).exists()
    assert client.get(page, {"q": "河沿"}).status_code == 200


def test_a20_the_audit_log_holds_no_full_number(resident, villager):
    said = str(list(LogEntry.objects.values_list("changes", "object_repr", "changes_text")))

    assert resident.phone not in said and str(villager.phone) not in said


def test_nobody_gives_themselves_rights(officer, signed_in):
    """Not even with every Django permission."""
    officer.is_staff = True
    officer.save()
    officer.user_permissions.set(Permission.objects.all())
    page = reverse("admin:accounts_user_change", args=[officer.pk])

    answer = signed_in(officer).post(page, {"username": officer.username, "is_superuser": "on", "is_staff": "on"})

    officer.refresh_from_db()
    assert (answer.status_code, officer.is_superuser) == (403, False)


def test_what_the_demo_shows_is_off_elsewhere(client, settings):
    assert settings.DEMO is False
    assert settings.DEMO_PASSWORD not in client.get("/accounts/login/").content.decode()
    answer = client.post("/accounts/login/code/", {"phone": "13700001111"}, follow=True)
    code = re.search(r"\d{6}", Message.objects.get(kind="login_code").body)
    assert "accounts_demo_code" not in client.session
    assert code is None or code[0] not in answer.content.decode()
