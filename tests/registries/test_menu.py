"""MENU."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def menu(client) -> list[str]:
    return [str(entry["title"]) for entry in client.get("/").context["navigation"]]


def test_a_public_entry_is_shown_signed_in_or_not(joined, client, signed_in, villager):
    assert ("留言簿" in menu(client), "留言簿" in menu(signed_in(villager))) == (True, True)


def test_an_entry_for_cadres_is_shown_to_cadres(joined, signed_in, cadre):
    assert ("看留言" in menu(signed_in(cadre)), "留言簿" in menu(signed_in(cadre))) == (True, False)


@pytest.mark.parametrize("who", ["officer", "stranger"])
def test_officials_see_no_entry(joined, request, signed_in, who):
    assert not {"看留言", "留言簿"} & set(menu(signed_in(request.getfixturevalue(who))))


def test_nobody_sees_an_entry_before_it_joins(client, signed_in, cadre):
    assert not {"看留言", "留言簿"} & {*menu(client), *menu(signed_in(cadre))}


def test_an_administrator_keeps_the_entries_of_their_role(joined, signed_in, village):
    helper = factories.MembershipFactory(division=village, user__is_staff=True).user
    assert menu(signed_in(helper))[-2:] == ["看留言", "数据维护"]
