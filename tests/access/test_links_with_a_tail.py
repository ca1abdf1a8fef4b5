"""A link opens with what stood behind it: every address of a message, with a slash or the punctuation of a sentence."""

import pytest
from django.urls import is_valid_path

from centers.people import rate_limits
from portal.ui import tails
from tests.access.test_matrix import world  # noqa: F401
from tests.test_addresses import addresses_by_name

# What stands behind an address is judged before anything is looked up.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Every address that a message, slip or poster sends somebody to.
SENT = [
    "answer",
    "answer_offer",
    "rate",
    "booking",
    "booking_move",
    "waiting",
    "case",
    "ticket",
    "center",
    "ticket_take",
    "here",
    "book",
    "book_time",
    "duty_ics",
    "desk_case",
    "me",
    "centers",
]
TAILS = ["/", "。", "/。", "。谢谢", "，请回复", "）", ").", "…"]
TAILS += ["%20", "%0A", " 谢谢", "\u200b", "\u200b/", "\ufeff。"]


@pytest.mark.parametrize("role", ["anonymous", "cadre"])
@pytest.mark.parametrize("name", SENT)
def test_it_opens_like_the_link_itself(world, name, role):  # noqa: F811
    path, client, wrong = world.path(name), world.client(role), []
    alone = client.get(path)
    for tail in TAILS:
        with_tail = client.get(f"{path}{tail}", follow=True)
        landed = with_tail.redirect_chain[0][0] if with_tail.redirect_chain else path
        if (landed != path and alone.status_code != 302) or with_tail.status_code not in (200, alone.status_code):
            wrong.append((tail, landed, with_tail.status_code))
    assert wrong == []


def test_no_tail_counts_as_a_wrong_guess(world, monkeypatch):  # noqa: F811
    asked = []
    find = rate_limits.find_by_link

    def noting(request, token, how):
        asked.append(token)
        return find(request, token, how)

    monkeypatch.setattr(rate_limits, "find_by_link", noting)
    path = world.path("answer")
    world.client("anonymous").get(f"{path}。谢谢", follow=True)
    world.client("anonymous").get(f"{path}/", follow=True)
    assert asked == [path.rpartition("/")[2]] * 2


@pytest.mark.parametrize(
    "path", ["/nowhere。", "/。", "/nowhere/", "/\\evil.example。", "/bookings/unknown/", "/bookings/unknown/。"]
)
def test_control_what_is_no_address_stays_unknown(client, db, path):
    assert client.get(path, follow=True).status_code == 404


def test_no_address_of_ours_has_a_tail_itself():
    assert [path for path in addresses_by_name().values() if is_valid_path(path) and tails._TAIL.search(path)] == []


def test_no_redirect_leads_elsewhere():
    assert tails._existing("//evil.example") == ""


def test_the_query_is_kept(client, db):
    assert client.get("/centers/。?q=a")["Location"] == "/centers/?q=a"
