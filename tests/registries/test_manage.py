"""MANAGE: the page 管理 lists what somebody may set up, and each of its links opens for them."""

import pytest

pytestmark = pytest.mark.django_db
STAFF = ("manager", "officer", "county_official")


def links(client) -> list[str]:
    groups = client.get("/manage/").context["groups"]
    return [entry.url_name for _name, entries in groups for entry in entries]


@pytest.mark.parametrize("who", STAFF)
def test_each_entry_opens(request, center, signed_in, who):
    client = signed_in(request.getfixturevalue(who))
    page = client.get("/manage/")
    addresses = [line.split('"')[0] for line in page.content.decode().split('class="door door--plain" href="')[1:]]
    assert addresses
    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)


def test_nobody_is_offered_what_is_not_theirs(center, signed_in, manager, officer):
    assert "duty_hours" in links(signed_in(manager)) and "duty_hours" not in links(signed_in(officer))
    assert "duty_leaves" in links(signed_in(officer)) and "duty_leaves" not in links(signed_in(manager))


def test_who_has_nothing_to_set_up_has_no_entry_in_the_menu(center, signed_in, cadre, manager):
    menus = [
        [str(entry["title"]) for entry in signed_in(user).get("/desk/").context["navigation"]]
        for user in (cadre, manager)
    ]
    assert ["管理" in menu for menu in menus] == [False, True]
    assert signed_in(cadre).get("/manage/").status_code == 403


def test_an_app_adds_its_entry(joined, center, signed_in, officer, manager):
    assert ["guestbook" in links(signed_in(user)) for user in (officer, manager)] == [True, False]
