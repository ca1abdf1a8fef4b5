"""FIGURES: a column of the overview, and the rows behind its number."""

import pytest

pytestmark = pytest.mark.django_db


def test_its_figure_is_the_last_column(note, signed_in, officer):
    response = signed_in(officer).get("/oversight/")
    assert [cell.figure.code for cell in response.context["lines"][0].cells][-2:] == ["ratings", "notes"]
    assert '<th scope="col" class="number">留言</th>' in response.content.decode()


def test_its_number_equals_the_rows_behind_it(note, signed_in, officer):
    client = signed_in(officer)
    line = client.get("/oversight/").context["lines"][0]
    rows = client.get("/oversight/rows/", {"what": "notes", "center": line.code})

    assert line.numbers["notes"] == rows.context["page"].paginator.count == 1
    assert "路灯坏了" in rows.content.decode()


def test_its_help_text_is_on_the_page(note, signed_in, officer):
    assert "留言簿上写的，一条算一个。" in signed_in(officer).get("/oversight/").content.decode()


def test_without_its_entry_its_rows_are_not_found(signed_in, officer, center):
    assert signed_in(officer).get("/oversight/rows/", {"what": "notes"}).status_code == 404
