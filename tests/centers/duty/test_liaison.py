"""The liaison cadre (包村干部): sees leave, verifies presence reports, decides nothing for the center."""

import pytest
from django.urls import reverse

from tests import factories


@pytest.fixture
def liaison(village):
    return factories.MembershipFactory(division=village, role="liaison").user


@pytest.fixture
def leave(center):
    return factories.LeaveFactory(staff__center=center, half_days=6)


def test_reads_the_list_of_leave(signed_in, liaison, leave):
    assert leave.staff.name in signed_in(liaison).get(reverse("duty_leaves")).content.decode()


def test_does_not_decide(signed_in, liaison, leave):
    assert signed_in(liaison).post(reverse("duty_leave_answer", args=[leave.pk, "agree"])).status_code == 403


def test_looks_at_the_roster_and_changes_nothing(signed_in, liaison, center):
    client = signed_in(liaison)
    assert client.get(reverse("duty"), {"center": center.code}).status_code == 200
    assert client.post(reverse("duty_publish") + f"?center={center.code}").status_code == 403


def test_checks_what_villagers_found(signed_in, liaison, center):
    report = factories.PresenceReportFactory(center=center)
    signed_in(liaison).post(reverse("duty_check", args=[report.pk]), {"found": "yes"})
    report.refresh_from_db()
    assert report.checked_by == liaison
