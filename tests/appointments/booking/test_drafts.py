"""One draft belongs to one form: it goes along to another time, and the next visitor does not find it."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.appointments.villager import answers, book, key_in, who_url
from tests.appointments.waiting.line import fill
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_time(center, item, slot):
    return factories.SlotFactory(center=center, starts_at=at(3, 10))


@pytest.fixture
def times(client, slot, item, other_time):
    """The page of times, after 换个时间 on a form that was filled in."""
    url = who_url(slot, item)
    answer = client.post(url, answers(key_in(client.get(url)), go="time", note="腿脚不好"))
    assert answer["Location"].startswith(reverse("book_time", args=[slot.center.code, item.code]))
    return client.get(answer["Location"])


def links(page, part: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="([^"]*)"', page.content.decode()) if part in unescape(link)]


def test_choosing_another_time_takes_what_was_typed_along(client, times, other_time, item):
    [link] = links(times, who_url(other_time, item))
    form = client.get(link).content.decode()
    assert "李秀英" in form and "腿脚不好" in form and "13700001111" in form.replace(" ", "")


def test_also_over_another_day_and_to_the_waiting_list(client, times, slot, item, other_time):
    fill(other_time, item)
    day = links(times, f"?day={timezone.localdate(other_time.starts_at)}&draft=")[0]
    page = client.get(day.partition("#")[0])
    [wait] = links(page, f"{other_time.pk}/wait/")
    assert "李秀英" in client.get(wait).content.decode()


def test_the_next_visitor_of_the_computer_finds_an_empty_form(client, times, slot, other_time, item):
    for time in (slot, other_time):
        assert "李秀英" not in client.get(who_url(time, item)).content.decode()
        assert "李秀英" not in client.get(reverse("wait", args=[time.center.code, item.code, time.pk])).content.decode()
    start = client.get(reverse("book_time", args=[slot.center.code, item.code]))
    assert links(start, "draft=") == []


def test_two_forms_in_two_windows_keep_their_own(client, slot, item, other_time):
    url, locations = who_url(slot, item), []
    for name in ("李秀英", "王桂兰"):
        locations.append(client.post(url, answers(key_in(client.get(url)), go="time", name=name))["Location"])
    for name, location in zip(("李秀英", "王桂兰"), locations, strict=True):
        [link] = links(client.get(location), who_url(other_time, item))
        assert name in client.get(link).content.decode()


def test_it_is_forgotten_once_the_form_is_booked(client, times, other_time, item):
    [link] = links(times, who_url(other_time, item))
    form = client.get(link)
    assert client.post(link, answers(key_in(form))).status_code == 302
    assert "李秀英" not in client.get(link).content.decode()


def test_it_is_forgotten_after_a_while(client, times, other_time, item, time_machine):
    [link] = links(times, who_url(other_time, item))
    time_machine.move_to("2026-12-01T03:00:00Z")
    assert "李秀英" not in client.get(link).content.decode()


def test_control_another_visitors_key_opens_nothing(client, times, other_time, item):
    assert book(client, other_time, item, name="王桂兰", phone="13800005678").status_code == 302
    assert "李秀英" not in client.get(f"{who_url(other_time, item)}?draft={'0' * 32}").content.decode()


def test_it_is_not_in_the_session(client, times):
    assert "李秀英" not in str(dict(client.session.items()))


def signs_in(client, villager):
    client.force_login(villager)


def signs_out(client, villager):
    client.post(reverse("account_logout"))


@pytest.mark.parametrize("steps", [[signs_in], [signs_in, signs_out]], ids=["in", "in and out"])
def test_it_is_gone_when_somebody_signs_in_or_out(client, times, other_time, item, villager, steps):
    [link] = links(times, who_url(other_time, item))
    for step in steps:
        step(client, villager)
    assert "李秀英" not in client.get(link).content.decode()


def test_what_one_types_when_signed_in_is_gone_after_signing_out(client, slot, other_time, item, villager):
    client.force_login(villager)
    url = who_url(slot, item)
    times = client.get(client.post(url, answers(key_in(client.get(url)), go="time"))["Location"])
    [link] = links(times, who_url(other_time, item))
    assert "李秀英" in client.get(link).content.decode()

    client.post(reverse("account_logout"))

    assert "李秀英" not in client.get(link).content.decode()


def test_drafts_without_limit_are_not_kept(client, slot, item, other_time, monkeypatch):
    monkeypatch.setattr("portal.accounts.short_lived.MOST", 2)
    url, kept = who_url(slot, item), []
    for _ in range(4):
        visitor = client.__class__()
        times = visitor.get(visitor.post(url, answers(key_in(visitor.get(url)), go="time"))["Location"])
        kept.append(len(links(times, who_url(other_time, item))))
    assert kept[:2] == [1, 1]
    assert [link for link in links(times, who_url(other_time, item)) if "draft=" in link] == []
