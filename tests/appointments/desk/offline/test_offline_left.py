"""What staff have to resolve after half an hour offline, and that it is shown."""

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from appointments.models import OfflineMark
from tests import factories
from tests.asked import asked
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def note(center, cadre):
    return factories.OfflineMarkFactory(center=center, by=cadre, name="钱来顺", matter="开证明")


@pytest.fixture
def conflict(center, cadre, item, resident):
    appointment = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 9))
    return factories.OfflineMarkFactory(
        center=center,
        by=cadre,
        appointment=appointment,
        kind="miss",
        outcome="conflict",
        name="",
        matter="",
        note="对不上",
    )


def text(client, name, *args) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_the_workbench_says_that_something_is_left(signed_in, cadre, note):
    assert asked(signed_in(cadre)) == ["1条断网时记下的要处理"]


def test_the_workbench_says_nothing_to_whoever_only_looks_on(signed_in, officer, note):
    page = text(signed_in(officer), "desk")

    assert "断网时记下的" not in page and reverse("desk_sheet") not in page


def test_who_came_is_entered_from_the_list(signed_in, cadre, note):
    page = text(signed_in(cadre), "desk_sheet_left")

    assert "钱来顺 · 开证明" in page
    assert f"{reverse('desk_book')}?center={note.center.code}&amp;q=%E9%92%B1%E6%9D%A5%E9%A1%BA" in page


def test_a_conflict_leads_to_its_appointment(signed_in, cadre, conflict):
    page = text(signed_in(cadre), "desk_sheet_left")

    assert "对不上" in page and reverse("desk_appointment", args=[conflict.appointment_id]) in page


def test_what_is_settled_is_gone_from_the_list_and_kept_as_a_row(signed_in, manager, note):
    client = signed_in(manager)

    for _tap in range(2):
        client.post(reverse("desk_sheet_settle", args=[note.pk]))

    note.refresh_from_db()
    assert note.settled_by == manager
    assert "没有要处理的" in text(client, "desk_sheet_left")


def test_what_was_set_needs_nobody(center, cadre):
    factories.OfflineMarkFactory(center=center, kind="arrive", outcome="applied", name="", matter="")
    factories.OfflineMarkFactory(center=center, kind="arrive", outcome="already", name="", matter="")

    assert not OfflineMark.objects.unsettled().exists()


def test_another_centers_is_not_there(signed_in, cadre, center, other_center):
    foreign = factories.OfflineMarkFactory(center=other_center)

    assert signed_in(cadre).post(reverse("desk_sheet_settle", args=[foreign.pk])).status_code == 404
    assert foreign.name not in text(signed_in(cadre), "desk_sheet_left")


def test_it_asks_as_much_for_twenty_as_for_one(
    signed_in, cadre, center, item, django_assert_num_queries, django_assert_max_num_queries
):
    def add(number: int) -> None:
        for _ in range(number):
            appointment = factories.AppointmentFactory(center=center, item=item, resident__division=center.division)
            factories.OfflineMarkFactory(center=center, by=cadre)
            factories.OfflineMarkFactory(
                center=center, appointment=appointment, kind="miss", outcome="refused", name="", matter=""
            )

    client = signed_in(cadre)
    add(1)
    client.get(reverse("desk_sheet_left"))
    with django_assert_max_num_queries(12) as counted:
        client.get(reverse("desk_sheet_left"))
    add(19)
    with django_assert_num_queries(len(counted)):
        client.get(reverse("desk_sheet_left"))


def test_what_was_said_to_a_colleague_says_so(signed_in, manager, cadre, conflict):
    said = f"告诉{cadre}的话："

    assert said in text(signed_in(manager), "desk_sheet_left")
    assert said not in text(signed_in(cadre), "desk_sheet_left")


def test_reading_a_name_in_the_admin_is_on_record(admin_client, note):
    admin_client.get(reverse("admin:appointments_offlinemark_change", args=[note.pk]))

    assert LogEntry.objects.filter(action=LogEntry.Action.ACCESS, object_pk=note.pk).exists()


def test_the_audit_log_holds_no_name_of_who_came(signed_in, manager, note):
    signed_in(manager).post(reverse("desk_sheet_settle", args=[note.pk]))

    entries = LogEntry.objects.get_for_object(note)
    assert entries.get(action=LogEntry.Action.UPDATE).actor == manager
    assert not any(word in str(entry.changes) for entry in entries for word in ("钱来顺", "开证明"))


def test_many_come_page_by_page(signed_in, cadre, center, item, resident):
    factories.OfflineMarkFactory.create_batch(51, center=center, by=cadre)
    client = signed_in(cadre)

    pages = [client.get(reverse("desk_sheet_left"), {"page": number}) for number in (1, 2)]

    assert [len(page.context["people"]) for page in pages] == [50, 1]
    assert "page=2" in pages[0].content.decode()
