"""Pagination: a page number out of range gives the nearest page."""

import pytest
from django.test import RequestFactory

from portal.ui.pagination import page_of


def numbers(query: str, rows=range(45)):
    return page_of(RequestFactory().get(f"/?{query}"), rows, per_page=20)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("2", 2),
        ("", 1),
        ("0", 1),
        ("-3", 1),
        ("99", 3),
        ("abc", 1),
        ("２", 1),
        ("9" * 5000, 3),
        ("1.5", 1),
        ("\x00", 1),
    ],
)
def test_a_page_that_does_not_exist_gives_the_nearest(asked, given):
    page = page_of(RequestFactory().get("/", {"page": asked}), range(45), per_page=20)
    assert page.number == given


def test_an_empty_list_has_one_page():
    assert numbers("page=7", rows=[]).number == 1


def test_turning_the_page_keeps_the_filters():
    assert numbers("state=waiting&page=2").query == "state=waiting&"
