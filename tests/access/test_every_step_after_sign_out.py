"""Every step of the matrix, by somebody who was signed out meanwhile, comes back to its form with what was typed."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.db import transaction
from django.urls import reverse

from portal.accounts import kept_text, short_lived
from portal.ui.forms import TakesKeptText
from tests.access import matrix
from tests.access.test_signed_out_meanwhile import SAID, SITE, TEXT, go_idle
from tests.access.world import World, build
from tests.test_addresses import addresses

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def steps(world: World) -> Iterator[tuple[str, str]]:
    """Every address that takes a POST and needs somebody who is signed in."""
    closed = {name for name, _path, public in addresses() if not public}
    taking = {line: None for line, method, _role, letter in matrix.lines() if method == "post" and letter != "x"}
    for line in taking:
        name = line.partition("?")[0]
        if name in closed and not world.path(line).startswith("/accounts/"):
            yield line, world.path(line)


@pytest.mark.once  # the steps are refused before they touch anything
@pytest.mark.slow
@pytest.mark.parametrize("how", ["idle", "ended elsewhere"])
def test_every_step_is_refused_in_words_and_comes_back_to_its_page(world, how, settings):
    settings.RATE_LIMITS = False
    client, wrong, seen = world.client("cadre"), [], 0
    page = f"{reverse('desk')}?show=all"
    for line, path in steps(world):
        seen += 1
        client.force_login(world.users["cadre"])
        if how == "idle":
            go_idle(client)
        else:
            client.logout()
        answer = client.post(path, {"note": TEXT, "password1": "geheim"}, headers={"referer": SITE + page})
        kept = short_lived.get(client.session, kept_text.NAME) or {}
        came_back = answer.get("Location") == f"/accounts/login/?next={quote(page, safe='/')}"
        if not (came_back and quote(TEXT) in kept.get("values", "") and kept["paths"][1] == path.partition("?")[0]):
            wrong.append((line, answer.status_code, answer.get("Location")))
        assert "geheim" not in str(kept)
        assert SAID in "".join(map(str, get_messages(answer.wsgi_request)))
    assert seen > 50
    assert wrong == []


def typed_into(page) -> tuple[type, dict[str, str]] | None:
    """A form of the page with a text field, and what a browser would send of it."""
    html = "" if page.streaming else page.content.decode("utf-8", "replace")
    contexts = page.context if isinstance(page.context, list) else [page.context]
    for value in (value for context in contexts if context for part in context.dicts for value in part.values()):
        if isinstance(value, TakesKeptText) and not value.is_bound:
            texts = [bound for bound in value if is_text(bound) and f'name="{bound.html_name}"' in html]
            if texts:
                sent = {bound.html_name: bound.value() or "" for bound in value if not is_list(bound)}
                return type(value), sent | {bound.html_name: TEXT for bound in texts}
    return None


def is_text(bound) -> bool:
    return (
        isinstance(bound.field, forms.CharField)
        and isinstance(bound.field.widget, forms.TextInput | forms.Textarea)
        and not bound.is_hidden
    )


def is_list(bound) -> bool:
    return isinstance(bound.field.widget, forms.SelectMultiple | forms.CheckboxInput | forms.FileInput)


@pytest.mark.slow
def test_every_form_comes_back_with_what_was_typed(world):
    wrong, forms_seen = [], set()
    for role in ("manager", "county", "son"):
        client, user = world.client(role), world.users[role]
        for line in (line for line, *asked in matrix.lines() if asked == ["get", role, "2"]):
            path = world.path(line)
            if path.startswith(("/accounts/", "/api/", "/admin/")):
                continue
            client.force_login(user)
            page = client.get(path)
            if not (found := typed_into(page)) or found[0] in forms_seen:
                continue
            kind, sent = found
            forms_seen.add(kind)
            go_idle(client)
            answer = client.post(path, sent, headers={"referer": SITE + path})
            client.force_login(user)
            shown = client.get(path).content.decode()
            if answer.status_code != 302 or TEXT not in shown or SAID not in shown:
                wrong.append((role, line, kind.__name__, answer.status_code, TEXT in shown))
            if TEXT in client.get(path).content.decode():
                wrong.append((role, line, "shown twice"))
    assert len(forms_seen) > 12
    assert wrong == []


def test_what_no_form_takes_is_shown_to_be_copied(world):
    client, officer = world.client("township"), world.users["township"]
    client.force_login(officer)
    reports = reverse("duty_reports")
    go_idle(client)
    client.post(reverse("duty_check", args=[1]), {"note": TEXT, "found": "1"}, headers={"referer": SITE + reports})
    client.force_login(officer)
    page = client.get(reports).content.decode()
    assert SAID in page and f"<li>{TEXT}</li>" in page
