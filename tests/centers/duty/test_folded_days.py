"""Distant days are collapsed on duty pages, and nothing is left out."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from tests import factories

TENTH = date(2026, 12, 10)


@pytest.fixture
def published(team, center, cadre, time_machine):
    """A month of 刘晓敏's mornings, looked at on its tenth day."""
    team[2].user = cadre
    team[2].save()
    time_machine.move_to("2026-12-10T02:00:00Z", tick=True)
    for number in range(31):
        factories.DutyShiftFactory(staff=team[2], date=date(2026, 12, 1) + timedelta(days=number))


def folds_of(response):
    return [(stretch.fold, len(stretch.rows)) for stretch in response.context["stretches"]]


def test_the_month_begins_with_today(published, signed_in, cadre):
    response = signed_in(cadre).get(reverse("duty"))

    assert folds_of(response) == [("past", 9), ("", 7), ("later", 15)]
    assert response.context["stretches"][1].rows[0].date == TENTH
    assert all(f'id="d2026-12-{day:02}"' in response.content.decode() for day in range(1, 32))


def test_the_whole_month_is_one_tap_away(published, signed_in, cadre):
    client = signed_in(cadre)

    assert "show=all" in client.get(reverse("duty")).content.decode()
    assert folds_of(client.get(reverse("duty"), {"show": "all"})) == [("", 31)]


def test_a_month_that_is_over_has_nothing_to_fold(published, signed_in, cadre):
    assert folds_of(signed_in(cadre).get(reverse("duty"), {"month": "2026-11"})) == [("", 30)]


def test_whoever_lays_out_a_draft_sees_all_of_it(published, signed_in, manager):
    assert folds_of(signed_in(manager).get(reverse("duty"), {"month": "2027-01"})) == [("", 31)]


def test_of_ones_own_shifts_the_next_ones_stand_open(published, signed_in, cadre):
    response = signed_in(cadre).get(reverse("duty_mine"))

    assert [row["shift"].date for row in response.context["shifts"]] == [TENTH + timedelta(days=n) for n in range(8)]
    assert len(response.context["later"]) == 14
    assert "再往后的14个班" in response.content.decode()
