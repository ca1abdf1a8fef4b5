"""MESSAGE_SUBJECTS: the delivery board and the inbox."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
BOARD = "/desk/messages/"


def test_an_undelivered_message_is_on_the_board_with_name_and_link(said, note, signed_in, cadre):
    said(state="failed")
    page = signed_in(cadre).get(BOARD).content.decode()

    assert f'href="{reverse("guestbook")}#{note.pk}"' in page
    assert ("王*兰" in page, "留言有回音" in page, "柳湾" in page) == (True, True, True)


def test_the_desk_marks_it_as_called(said, signed_in, cadre):
    message = said(state="failed")
    signed_in(cadre).post(f"{BOARD}{message.pk}/called/")
    message.refresh_from_db()
    assert message.state == "called"


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("stranger", 404), ("villager", 404)])
def test_nobody_else_may_mark_it_as_called(request, said, signed_in, who, status):
    message = said(state="failed")
    assert signed_in(request.getfixturevalue(who)).post(f"{BOARD}{message.pk}/called/").status_code == status


def test_another_township_does_not_see_it(said, signed_in, stranger):
    said(state="failed")
    assert "留言有回音" not in signed_in(stranger).get(BOARD).content.decode()


def test_the_inbox_links_to_it(said, note, signed_in, villager):
    said(channel="inbox")
    assert f'href="{reverse("guestbook")}?mine={note.pk}"' in signed_in(villager).get(reverse("inbox")).content.decode()


def test_without_its_entry_the_inbox_shows_the_text_without_a_link(said, settings, signed_in, villager):
    said(channel="inbox")
    del settings.MESSAGE_SUBJECTS["note"]
    page = signed_in(villager).get(reverse("inbox")).content.decode()
    assert ("留言有回音" in page, reverse("guestbook") + "?" in page) == (True, False)
