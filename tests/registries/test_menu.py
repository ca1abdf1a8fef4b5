"""MENU."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def menu(client) -> list[str]:
    return [str(entry["title"]) for entry in client.get("/").context["navigation"]]


def test_a_line_for_the_public_is_there_for_strangers_and_villagers(joined, client, signed_in, villager):
    assert ("留言簿" in menu(client), "留言簿" in menu(signed_in(villager))) == (True, True)


def test_one_for_the_desk_is_there_for_the_desk(joined, signed_in, cadre):
    assert ("看留言" in menu(signed_in(cadre)), "留言簿" in menu(signed_in(cadre))) == (True, False)


@pytest.mark.parametrize("who", ["officer", "stranger"])
def test_officials_have_none(joined, request, signed_in, who):
    assert not {"看留言", "留言簿"} & set(menu(signed_in(request.getfixturevalue(who))))


def test_nobody_has_one_before_it_joins(client, signed_in, cadre):
    assert not {"看留言", "留言簿"} & {*menu(client), *menu(signed_in(cadre))}


def test_who_looks_after_the_data_keeps_what_their_role_gives(joined, signed_in, village):
    helper = factories.MembershipFactory(division=village, user__is_staff=True).user
    assert menu(signed_in(helper))[-2:] == ["看留言", "数据维护"]
