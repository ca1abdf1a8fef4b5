"""Presence reports (有人/没人): no sign-in; they count once verified by somebody outside the center."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from centers.duty import presence
from centers.models import PresenceReport
from portal.accounts.models import User
from portal.ui.errors import Changed, NotAllowed
from tests import factories


@pytest.fixture
def open_now(open_weekdays, december):
    """Wednesday, ten in the morning."""
    factories.arrange(open_weekdays)
    return open_weekdays


def tap(client, center, found="no"):
    return client.post(reverse("here", args=[center.code]), {"found": found}, follow=True)


def test_a_villager_says_that_nobody_is_there(client, open_now):
    page = tap(client, open_now)
    assert "记下了：没人" in page.content.decode()
    assert PresenceReport.objects.get().found_somebody is False


def test_nothing_about_the_person_is_stored(open_now):
    fields = {field.name for field in PresenceReport._meta.fields}
    assert fields == {
        "id", "center", "at", "date", "part", "found_somebody", "checked_at", "checked_by", "is_upheld", "note",
    }  # fmt: skip


def test_a_second_tap_is_the_same_tap(client, open_now):
    tap(client, open_now)
    tap(client, open_now)
    assert PresenceReport.objects.count() == 1


def test_one_place_does_not_tap_all_day(client, open_now, settings, time_machine):
    settings.PRESENCE_TAPS_PER_ADDRESS = 2
    for minutes in (0, 20, 40):
        time_machine.move_to(timezone.now() + timedelta(minutes=minutes and 20))
        page = tap(client, open_now)
    assert PresenceReport.objects.count() == 2
    assert "这一次没有记" in page.content.decode()


def test_at_lunch_nobody_has_to_be_there(client, open_now, time_machine):
    time_machine.move_to("2026-11-25T04:30:00Z")
    page = tap(client, open_now)
    assert "现在不是开门的时间" in page.content.decode()
    assert not PresenceReport.objects.exists()


def test_who_works_there_cannot_tap(signed_in, cadre, open_now):
    page = tap(signed_in(cadre), open_now, "yes")
    assert "在这里工作的人不能替群众点" in page.content.decode()
    assert not PresenceReport.objects.exists()


def test_the_township_checks_it(open_now, officer, signed_in):
    report = factories.PresenceReportFactory(center=open_now)
    signed_in(officer).post(reverse("duty_check", args=[report.pk]), {"found": "yes", "note": "打过电话"})
    report.refresh_from_db()
    assert (report.is_upheld, report.checked_by, report.note) == (True, officer, "打过电话")


@pytest.mark.parametrize("who", ["cadre", "manager"])
def test_the_center_itself_does_not(open_now, signed_in, who, request):
    report = factories.PresenceReportFactory(center=open_now)
    answer = signed_in(request.getfixturevalue(who)).post(reverse("duty_check", args=[report.pk]), {"found": "no"})
    assert answer.status_code == 403


def test_nor_an_official_who_works_there_as_well(open_now, officer):
    factories.StaffFactory(center=open_now, user=User.objects.get(pk=officer.pk))
    with pytest.raises(NotAllowed) as refused:
        presence.check(report=factories.PresenceReportFactory(center=open_now), is_upheld=False, by=officer)
    assert refused.value.code == "own_center"


def test_the_same_finding_is_idempotent_and_another_is_refused(open_now, officer):
    report = factories.PresenceReportFactory(center=open_now)
    presence.check(report=report, is_upheld=True, by=officer)
    presence.check(report=report, is_upheld=True, by=officer)
    with pytest.raises(Changed):
        presence.check(report=report, is_upheld=False, by=officer)


def test_a_stranger_finds_no_such_report(open_now, signed_in, stranger):
    report = factories.PresenceReportFactory(center=open_now)
    answer = signed_in(stranger).post(reverse("duty_check", args=[report.pk]), {"found": "no"})
    assert answer.status_code == 404


def test_the_door_says_who_is_there(client, open_now, team):
    factories.DutyShiftFactory(staff=team[2])
    page = client.get(reverse("center", args=[open_now.code])).content.decode()
    assert "今天谁在" in page
    assert "刘晓敏" in page


def test_a_number_is_shown_only_by_consent(client, open_now, team):
    factories.DutyShiftFactory(staff=team[2])
    page = client.get(reverse("duty_poster", args=[open_now.code])).content.decode()
    assert f"tel:{team[2].phone}" not in page
    team[2].is_phone_public = True
    team[2].save()
    assert f"tel:{team[2].phone}" in client.get(reverse("duty_poster", args=[open_now.code])).content.decode()


def test_who_is_on_leave_is_not_named(client, open_now, team):
    factories.DutyShiftFactory(staff=team[2])
    factories.LeaveFactory(staff=team[2], agreed=True)
    assert "刘晓敏" not in client.get(reverse("center", args=[open_now.code])).content.decode()


def test_the_door_admits_that_nobody_is_on_duty(client, open_now, team):
    factories.DutyShiftFactory(staff=team[2], part="afternoon")
    factories.arrange(open_now)
    page = client.get(reverse("center", args=[open_now.code])).content.decode()
    assert "现在没有人值班" in page


def test_a_draft_is_not_shown_at_the_door(client, open_now, team):
    factories.DutyShiftFactory(staff=team[2], roster__published=False)
    assert "刘晓敏" not in client.get(reverse("center", args=[open_now.code])).content.decode()


def test_saying_so_oneself_is_kept_with_its_moment(open_now, team, cadre, signed_in):
    team[2].user = cadre
    team[2].save()
    shift = factories.DutyShiftFactory(staff=team[2])
    signed_in(cadre).post(reverse("duty_declare", args=[shift.pk]))
    shift.refresh_from_db()
    assert (shift.declared_by, shift.declared_at is not None) == (cadre, True)


def test_but_only_in_that_half_day(open_now, team, cadre, signed_in):
    team[2].user = cadre
    team[2].save()
    shift = factories.DutyShiftFactory(staff=team[2], part="afternoon")
    page = signed_in(cadre).post(reverse("duty_declare", args=[shift.pk]), follow=True).content.decode()
    assert "只能在当班的这半天" in page


def test_a_half_day_whose_people_are_all_away_says_so(client, open_now, team):
    factories.DutyShiftFactory(staff=team[2], part="afternoon")
    factories.LeaveFactory(staff=team[2], agreed=True)
    assert "没有人值班" in client.get(reverse("duty_poster", args=[open_now.code])).content.decode()
