"""Whatever closes a time asks first whom it touches, changes nothing until it is answered, and then tells them."""

import re
from datetime import time
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from appointments.booking.displaced import displaced
from appointments.booking.models import KeptBooking
from appointments.models import Slot
from centers.duty import rosters, swaps
from centers.models import Division, DutyShift, OpeningRule, Roster
from portal.notifications.models import Message
from portal.ui.words import masked_name
from tests import factories
from tests.appointments.settling.asking import agreed, answer_to
from tests.appointments.steps import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(open_daily):
    return factories.StaffFactory(center=open_daily, name="赵志强")


@pytest.fixture
def shift(open_daily, person, manager):
    """The only one of the half day, written as a revision of its own; in the afternoon somebody else is there."""
    day = at(3, 9).date()
    factories.DutyShiftFactory(staff=factories.StaffFactory(center=open_daily), date=day, part="afternoon")
    factories.RosterFactory(center=open_daily, month=day.replace(day=1), published=True)
    rosters.assign(
        center=open_daily, day=day, part="morning", kind="office", people={"main": person}, seen=0, by=manager
    )
    return DutyShift.objects.get(staff=person)


@pytest.fixture
def visit(shift, slot, item, resident):
    """Booked when somebody was on duty."""
    slot.refresh_from_db()
    return book(slot, item, resident)


def at_center(name: str, center, *args) -> str:
    return f"{reverse(name, args=args)}?center={center.code}&month={at(3, 9):%Y-%m}"


def revision() -> int:
    return Roster.objects.get().revision


def empty_the_half_day(client, center, **_):
    page = at_center("duty_half_day", center, at(3, 9).date().isoformat(), "morning")
    return page, {"kind": "office", "leader": "", "main": "", "backup": "", "seen": revision()}


def drag_the_shift_away(client, center, shift, **_):
    day = at(3, 9).date().isoformat()
    sent = {"shift": shift.pk, "day": day, "part": "evening", "position": "main", "seen": revision()}
    return at_center("duty_move", center), sent


def undo_the_last_step(client, center, **_):
    return at_center("duty_undo", center), {"seen": revision()}


def say_that_somebody_has_left(client, center, person, **_):
    sent = {"name": person.name, "post_type": person.post_type, "left_on": at(2, 9).date().isoformat()}
    return at_center("duty_person", center, person.pk), sent


def name_somebody_else_for_the_item(client, center, item, **_):
    other = factories.StaffFactory(center=center)
    return at_center("duty_agents", center, item.code), {"first": [other.pk]}


def swap_with_somebody_who_does_not_handle_it(client, center, shift, person, item, manager, **_):
    factories.ItemAgentFactory(center=center, staff=person, item_code=item.code)
    other = factories.StaffFactory(center=center)
    swap = swaps.ask(shift=shift, taker=other, by=manager)
    return reverse("duty_answer_swap", args=[swap.pk, "agree"]), {}


def delete_the_hours(client, center, **_):
    rule = OpeningRule.objects.get(center=center, weekday=at(3, 9).weekday())
    return at_center("duty_delete_hours", center, rule.pk), {}


def end_the_item(client, item, **_):
    return reverse("admin:appointments_serviceitem_changelist"), {"action": "end", "_selected_action": [item.pk]}


def delete_the_rule_as_administrator(client, center, **_):
    rule = OpeningRule.objects.get(center=center, weekday=at(3, 9).weekday())
    return reverse("admin:centers_openingrule_delete", args=[rule.pk]), {"post": "yes"}


def delete_rules_in_the_list(client, center, **_):
    rules = OpeningRule.objects.filter(center=center, weekday=at(3, 9).weekday())
    chosen = {"action": "delete_selected", "_selected_action": [rule.pk for rule in rules], "post": "yes"}
    return reverse("admin:centers_openingrule_changelist"), chosen


def give_the_center_to_a_township_without_the_item(client, center, item, **_):
    item.division = Division.objects.get(code="990101100000")
    item.save()
    elsewhere = factories.DivisionFactory(code="990101102201")
    return _center_form(client, center, {"division": elsewhere.pk})


def pause_the_center(client, center, **_):
    return _center_form(client, center, {"is_active": ""})


def _center_form(client, center, changed):
    page = reverse("admin:centers_center_change", args=[center.pk])
    shown = client.get(page).context["adminform"].form
    sent = {name: value for name, value in (shown.initial | changed).items() if value not in (None, "")}
    for formset in client.get(page).context["inline_admin_formsets"]:
        for form in [formset.formset.management_form, *formset.formset.initial_forms]:
            sent |= {
                form.add_prefix(name): form[name].value() for name in form.fields if form[name].value() is not None
            }
    return page, sent | {"_save": "1"}


def say_so_as_administrator(client, center, person, **_):
    page = reverse("admin:centers_staff_change", args=[person.pk])
    shown = client.get(page).context["adminform"].form
    sent = {name: value for name, value in shown.initial.items() if value is not None and value is not False}
    return page, sent | {"left_on": at(2, 9).date().isoformat(), "_save": "1"}


def pause_it_by_a_sheet(client, center, **_):
    rows = f"区划代码,名称,对外服务\n{center.code},{center.name},否\n"
    upload = SimpleUploadedFile("centers.csv", rows.encode())
    preview = client.post(reverse("admin:centers_center_import"), {"import_file": upload, "resource": "0"})
    confirm = preview.context["confirm_form"]
    return reverse("admin:centers_center_process_import"), {name: confirm[name].value() for name in confirm.fields}


def agree_to_a_leave(client, center, shift, **_):
    leave = factories.LeaveFactory(staff=shift.staff, first_date=shift.date)
    return reverse("duty_leave_answer", args=[leave.pk, "agree"]), {}


def end_the_post(client, center, person, **_):
    post = factories.MembershipFactory(division=center.division, role="proxy_agent")
    person.user = post.user
    person.save()
    return reverse("member_end", args=[post.pk]), {"leaves_roster": "on"}


BY_MANAGER = [
    end_the_post,
    agree_to_a_leave,
    empty_the_half_day,
    drag_the_shift_away,
    undo_the_last_step,
    say_that_somebody_has_left,
    name_somebody_else_for_the_item,
    swap_with_somebody_who_does_not_handle_it,
    delete_the_hours,
]
BY_ADMINISTRATOR = [
    end_the_item,
    delete_the_rule_as_administrator,
    delete_rules_in_the_list,
    pause_the_center,
    give_the_center_to_a_township_without_the_item,
    say_so_as_administrator,
    pause_it_by_a_sheet,
]


@pytest.fixture(params=[*BY_MANAGER, *BY_ADMINISTRATOR], ids=lambda way: way.__name__)
def way(request, signed_in, manager, visit, open_daily, shift, person, item):
    """The signed-in client, and the page and fields of one way to close the time of the visit."""
    user = manager if request.param in BY_MANAGER else factories.UserFactory(is_staff=True, is_superuser=True)
    client = signed_in(user)
    return client, *request.param(
        client=client, center=open_daily, shift=shift, person=person, item=item, manager=manager
    )


def test_it_asks_and_changes_nothing(way, visit):
    client, page, sent = way
    shown = client.post(page, sent).content.decode()
    assert "这会碰到1个预约" in shown
    assert visit.resident.name in shown or masked_name(visit.resident.name) in shown
    assert not displaced().exists()
    assert not Message.objects.filter(kind="closed").exists()


def test_the_answer_changes_it_and_tells_them(way, visit):
    client, page, sent = way
    shown = client.post(page, sent).content.decode()
    assert "这会碰到1个预约" in shown
    assert client.post(page, answer_to(shown)).status_code == 302
    assert [row.pk for row in displaced()] == [visit.pk]
    assert Message.objects.filter(kind="closed", channel="sms", state="pending").count() == 1


def test_who_is_kept_on_purpose_is_not_touched_by_the_next_change(signed_in, manager, visit, open_daily, shift):
    """Displaced already, and settled: a second change does not ask about it again."""
    page, sent = empty_the_half_day(None, open_daily)
    client = signed_in(manager)
    agreed(client, page, sent, "call")
    KeptBooking.objects.create(appointment=visit, starts_at=visit.starts_at, how="home", by=manager)
    gone = client.post(*delete_the_hours(None, open_daily))
    assert gone.status_code == 302


def test_a_stale_page_is_refused_before_it_asks(signed_in, manager, visit, open_daily):
    page, sent = empty_the_half_day(None, open_daily)
    shown = signed_in(manager).post(page, sent | {"seen": revision() - 1}).content.decode()
    assert "刚刚被别人改过了" in shown and "这会碰到" not in shown


def test_who_books_while_the_page_is_looked_at_is_asked_about_too(signed_in, manager, visit, open_daily, item, village):
    page, sent = empty_the_half_day(None, open_daily)
    client = signed_in(manager)
    answer = answer_to(client.post(page, sent).content.decode())
    slot = Slot.objects.get(center=open_daily, starts_at=at(3, 10))
    book(slot, item, factories.ResidentFactory(division=village))

    again = client.post(page, answer)
    assert again.status_code == 409 and "您看的时候又有变化" in again.content.decode()
    assert not displaced().exists()
    client.post(page, answer_to(again.content.decode()))
    assert displaced().count() == 2


def test_an_answer_about_a_rule_that_was_changed_since_deletes_nothing(signed_in, manager, visit, open_daily):
    page, _sent = delete_the_hours(None, open_daily)
    client = signed_in(manager)
    answer = answer_to(client.get(page).content.decode())
    OpeningRule.objects.filter(center=open_daily, weekday=at(3, 9).weekday()).update(closes=time(11))
    assert client.post(page, answer).status_code == 409
    assert OpeningRule.objects.filter(center=open_daily, weekday=at(3, 9).weekday()).exists()


def test_looking_differently_leads_back_to_a_page_that_can_be_read(signed_in, manager, visit, open_daily, shift):
    """The question stands at an address that takes only POST."""
    client = signed_in(manager)
    shown = client.post(*drag_the_shift_away(client, open_daily, shift)).content.decode()
    onward = re.search(r'name="next" value="([^"]+)"', shown)[1]
    assert client.get(unescape(onward)).status_code == 200
