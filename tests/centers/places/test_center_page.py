"""中心资料: the manager writes what the center's page says; of two at once the second is told; the last is undone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.ui import words
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/manage/center/"


@pytest.fixture
def typed(center, manager, signed_in):
    """`typed(phone=…)`: sends the manager's form, with all else as the page shows it."""
    client = signed_in(manager)

    def send(seen: str | None = None, **values):
        initial = client.get(PAGE).context["form"]
        shown = {name: initial[name].value() or "" for name in initial.fields}
        return client.post(PAGE, shown | ({"seen": seen} if seen else {}) | values, follow=True)

    send.client = client
    return send


def test_what_is_written_stands_on_the_centers_page(typed, center, client, manager):
    typed(board="收秋期间周三下午没有人。", directions="村口往北200米", windows="3")
    page = client.get(reverse("center", args=[center.code])).content.decode()
    today = words.plain_day(timezone.localdate())
    assert all(text in page for text in ("收秋期间周三下午没有人。", today, manager.name, "村口往北200米"))
    assert list(typed.client.get("/desk/").context["windows"]) == [1, 2, 3]


def test_a_page_of_before_overwrites_nothing(typed, center, manager):
    old = typed.client.get(PAGE).context["form"]["seen"].value()
    typed(address="新街1号")
    answer = typed(seen=old, address="新街2号")
    center.refresh_from_db()
    assert (answer.status_code, center.address) == (422, "新街1号")
    assert "刚刚有人改过这里" in answer.content.decode()
    assert answer.context["form"]["address"].value() == "新街2号"


def test_the_last_change_is_undone_and_an_older_one_is_not(typed, center):
    typed(phone="0399-5550777")
    first = typed.client.get(PAGE).context["changes"][0].entry.pk
    typed(phone="0399-5550888", windows="4")
    undo = reverse("manage_center_undo")
    assert "不能直接撤回" in typed.client.post(undo, {"entry": first}, follow=True).content.decode()
    last = typed.client.get(PAGE).context["changes"][0].entry.pk
    typed.client.post(undo, {"entry": last})
    center.refresh_from_db()
    assert (center.phone, center.windows) == ("0399-5550777", 6)


def test_what_cannot_be_is_refused_and_comes_back(typed, center):
    answer = typed(windows="0", phone="12")
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"windows", "phone"})


def test_nobody_else_writes_it(signed_in, cadre, officer, stranger, center, other_center):
    assert [signed_in(user).post(PAGE, {"phone": "1"}).status_code for user in (cadre, officer)] == [403, 403]
    manager = factories.MembershipFactory(division=other_center.division, role="manager").user
    assert signed_in(manager).get(f"{PAGE}?center={center.code}").status_code == 404


def test_a_room_is_added_changed_and_removed(typed, center):
    client = typed.client
    client.post("/manage/rooms/", {"name": "农家书屋", "seats": "20", "is_public": "on"})
    room = center.rooms.get()
    assert client.post("/manage/rooms/", {"name": "农家书屋", "seats": "20"}).status_code == 422
    client.post(f"/manage/rooms/{room.pk}/", {"name": "书屋", "seats": "30"})
    room.refresh_from_db()
    assert (room.name, room.seats, room.is_public) == ("书屋", 30, False)
    assert client.get(f"/manage/rooms/{room.pk}/remove/").status_code == 200 and center.rooms.exists()
    for _tap in range(2):
        client.post(f"/manage/rooms/{room.pk}/remove/")
    assert not center.rooms.exists()


def test_a_room_of_another_center_is_not_found(typed, other_center):
    room = factories.RoomFactory(center=other_center)
    assert typed.client.get(f"/manage/rooms/{room.pk}/").status_code == 404
    typed.client.post(f"/manage/rooms/{room.pk}/remove/")
    assert other_center.rooms.exists()
