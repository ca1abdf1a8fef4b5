"""TO_DO: an app's tasks stand in the strip of whoever may do them, and their number in the menu."""

import pytest

from tests.asked import asked

pytestmark = pytest.mark.django_db


def test_an_app_adds_its_task(note, center, signed_in, cadre):
    client = signed_in(cadre)
    assert asked(client) == ["1条留言等回音"]
    numbers = {str(entry["title"]): entry["number"]() for entry in client.get("/desk/").context["navigation"]}
    assert (numbers["看留言"], numbers["工作台"]) == (1, 0)


def test_nobody_else_is_asked(note, center, other_center, signed_in, cadre, officer):
    assert asked(signed_in(officer), "/oversight/") == []
    note.center = other_center
    note.save()
    assert asked(signed_in(cadre)) == []
