import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from centers.models import DutyShift, Roster
from tests import factories


def url(name: str, center, **more) -> str:
    query = "&".join(f"{key}={value}" for key, value in {"center": center.code, "month": "2026-12", **more}.items())
    return f"{reverse(name)}?{query}"


@pytest.fixture
def at_work(signed_in, manager, open_weekdays, team, december):
    return signed_in(manager)


def lay_out(client, center, how="fill", seen=0):
    return client.post(url("duty_plan", center, how=how), {"seen": seen})


def test_a_month_is_looked_at_before_it_is_written(at_work, center):
    page = at_work.get(url("duty_plan", center, how="fill"))
    assert "就这样排" in page.content.decode()
    assert not DutyShift.objects.exists()


def test_the_month_is_laid_out_and_shown(at_work, center):
    lay_out(at_work, center)
    page = at_work.get(url("duty", center)).content.decode()
    assert "刘晓敏" in page
    assert "草稿，还没有公布" in page


def test_a_second_tap_changes_nothing(at_work, center):
    lay_out(at_work, center)
    before = DutyShift.objects.count()
    lay_out(at_work, center)
    assert DutyShift.objects.count() == before
    assert Roster.objects.get().revision == 1


def test_before_it_is_published_others_do_not_see_the_draft(at_work, center, signed_in, cadre):
    lay_out(at_work, center)
    assert "这个月的值班表还没有公布" in signed_in(cadre).get(url("duty", center)).content.decode()


def test_publishing_shows_it_to_all_who_work_there(at_work, center, signed_in, cadre):
    lay_out(at_work, center)
    at_work.post(url("duty_publish", center))
    assert "刘晓敏" in signed_in(cadre).get(url("duty", center)).content.decode()


def test_an_empty_month_is_not_published(at_work, center):
    page = at_work.post(url("duty_publish", center), follow=True).content.decode()
    assert "先按规则排一遍再公布" in page


def test_without_people_the_page_says_what_to_do(signed_in, manager, open_weekdays, december, center):
    page = signed_in(manager).get(url("duty_plan", center), follow=True).content.decode()
    assert "先把人员加上" in page


def test_who_only_works_there_cannot_change_it(signed_in, cadre, open_weekdays, team, december, center):
    assert lay_out(signed_in(cadre), center).status_code == 403


def test_to_a_stranger_there_is_no_such_center(signed_in, stranger, open_weekdays, team, december, center):
    assert lay_out(signed_in(stranger), center).status_code == 404


def test_the_last_step_can_be_taken_back_and_done_again(at_work, center):
    lay_out(at_work, center)
    laid_out = DutyShift.objects.active().count()
    at_work.post(url("duty_undo", center), {"seen": 1})
    assert not DutyShift.objects.active().exists()
    at_work.post(url("duty_undo", center), {"seen": 2})
    assert DutyShift.objects.active().count() == laid_out


def test_a_page_that_is_out_of_date_is_told_so(at_work, center):
    lay_out(at_work, center)
    page = at_work.post(url("duty_undo", center), {"seen": 0}, follow=True).content.decode()
    assert "刚刚被别人改过了" in page


def test_a_drag_exchanges_two_people(at_work, center):
    lay_out(at_work, center)
    mine, other = DutyShift.objects.filter(date="2026-12-01", position="main").order_by("-part")
    sent = {"shift": mine.pk, "day": "2026-12-01", "part": other.part, "position": "main", "seen": 1}
    # Who has the other half day's backup may stand in the way; here both are mains of different people.
    DutyShift.objects.filter(date="2026-12-01").exclude(position="main").delete()
    at_work.post(url("duty_move", center), sent)
    now = {shift.part: shift.staff for shift in DutyShift.objects.active().filter(date="2026-12-01")}
    assert now == {other.part: mine.staff, mine.part: other.staff}


def test_a_half_day_is_changed_by_form(at_work, center, team):
    page = reverse("duty_half_day", args=["2026-12-01", "morning"]) + f"?center={center.code}"
    sent = {"kind": "office", "leader": team[0].pk, "main": team[3].pk, "backup": team[2].pk, "seen": 0}
    assert at_work.post(page, sent).status_code == 302
    held = {shift.position: shift.staff for shift in DutyShift.objects.active()}
    assert held == {"leader": team[0], "main": team[3], "backup": team[2]}


def test_one_person_cannot_have_two_posts_of_a_half_day(at_work, center, team):
    page = reverse("duty_half_day", args=["2026-12-01", "morning"]) + f"?center={center.code}"
    answer = at_work.post(page, {"kind": "office", "main": team[3].pk, "backup": team[3].pk, "seen": 0})
    assert "同一个人不能在这半天占两个班" in answer.content.decode()


def test_a_day_that_is_past_stays_as_it_was(at_work, center, team):
    page = reverse("duty_half_day", args=["2026-11-24", "morning"]) + f"?center={center.code}"
    answer = at_work.post(page, {"kind": "office", "main": team[3].pk, "seen": 0})
    assert "过去的日子不能再改" in answer.content.decode()


@pytest.mark.parametrize("people", [20, 200])
def test_the_number_of_queries_does_not_grow_with_the_people(
    people, signed_in, manager, center, open_weekdays, december, django_assert_max_num_queries
):
    for _number in range(people):
        factories.StaffFactory(center=center)
    client = signed_in(manager)
    lay_out(client, center)
    with django_assert_max_num_queries(26):
        client.get(url("duty", center))


def test_who_made_which_change_is_logged(at_work, center, manager):
    lay_out(at_work, center)
    at_work.post(url("duty_undo", center), {"seen": 1})
    entries = LogEntry.objects.get_for_model(Roster).filter(action=LogEntry.Action.UPDATE, actor=manager)
    assert sorted(entry.changes["revision"] for entry in entries) == [["0", "1"], ["1", "2"]]


def test_a_shift_that_has_gone_since_is_not_moved(at_work, center):
    lay_out(at_work, center)
    gone = DutyShift.objects.filter(date="2026-12-01", position="main").first()
    at_work.post(url("duty_undo", center), {"seen": 1})
    sent = {"shift": gone.pk, "day": "2026-12-02", "part": "morning", "position": "main", "seen": 1}
    page = at_work.post(url("duty_move", center), sent, follow=True).content.decode()
    assert "刚刚被别人改过了" in page
