"""Who has seen a name and number in full, and what went out in a sheet, is on record as it was (P1)."""

import pytest
from auditlog.models import LogEntry
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.contrib.auth.models import Permission

from centers.models import FamilyLink, Membership, Resident, Staff
from portal.accounts.models import User
from portal.notifications.models import Message
from tests import factories
from tests.centers import sheets
from tests.centers.test_sheets import CODE, STAFF, as_officer, as_superuser, export, page, said, upload  # noqa: F401

pytestmark = pytest.mark.django_db


def seen() -> list[str]:
    return list(LogEntry.objects.filter(action=LogEntry.Action.ACCESS).values_list("object_pk", flat=True))


def exported() -> str:
    return AdminLogEntry.objects.get(object_repr="居民").change_message


def test_a_masked_sheet_is_on_record_as_masked(as_officer, resident):  # noqa: F811
    assert "王桂兰" not in export(as_officer, Resident, "csv").decode("utf-8-sig")
    assert "隐去" in exported() and "完整" not in exported()


def test_a_full_sheet_is_on_record_as_full(as_superuser, resident):  # noqa: F811
    assert "王桂兰" in export(as_superuser, Resident, "csv").decode("utf-8-sig")
    assert "含完整电话" in exported()


def test_whoever_may_choose_and_chooses_the_masked_one_is_on_record_with_that(as_superuser, resident):  # noqa: F811
    answer = as_superuser.post(page(Resident, "export"), {"format": "1", "resource": "1"})

    assert "王桂兰" not in answer.content.decode("utf-8-sig") and "13800005678" not in answer.content.decode()
    assert "隐去" in exported()


@pytest.mark.parametrize("shown", ["change", "history", "delete"])
def test_each_page_of_a_person_is_on_record(as_superuser, resident, shown):  # noqa: F811
    path = f"{page(Resident, 'changelist')}{resident.pk}/{shown}/"

    assert "王桂兰" in as_superuser.get(path).content.decode()
    assert set(seen()) == {str(resident.pk)}


def test_a_form_that_is_shown_again_is_on_record(as_superuser, resident):  # noqa: F811
    answer = as_superuser.post(f"{page(Resident, 'changelist')}{resident.pk}/change/", {"name": "王桂兰"})

    assert answer.status_code == 200
    assert seen() == [str(resident.pk)]


def test_whoever_is_named_before_a_deletion_is_on_record(as_superuser, resident):  # noqa: F811
    chosen = {"action": "delete_selected", "_selected_action": resident.pk}

    assert "王桂兰" in as_superuser.post(page(Resident, "changelist"), chosen).content.decode()
    assert seen() == [str(resident.pk)]


def test_a_list_is_not(as_superuser, resident):  # noqa: F811
    assert "王桂兰" not in as_superuser.get(page(Resident, "changelist")).content.decode()
    assert seen() == []


@pytest.mark.parametrize(
    ("model", "make"),
    [
        (User, lambda: factories.UserFactory(phone="13900001234")),
        (Staff, lambda: factories.StaffFactory(phone="13900001234")),
        (Message, lambda: factories.MessageFactory(address="13900001234")),
        (FamilyLink, factories.FamilyLinkFactory),
    ],
    ids=["account", "staff", "message", "family"],
)
def test_numbers_of_accounts_staff_and_messages_are_on_record_as_well(as_superuser, model, make):  # noqa: F811
    one = make()

    assert as_superuser.get(f"{page(model, 'changelist')}{one.pk}/change/").status_code == 200
    assert seen() == [str(one.pk)]


class TestWhoHoldsANumber:
    """The preview of a sheet of staff names nobody whom the importing official may not see."""

    SHEET = (STAFF, [CODE, "李春燕", "138 0000 1111", "代办员", ""])

    @pytest.fixture
    def client(self, as_officer, officer):  # noqa: F811
        officer.user_permissions.set(Permission.objects.all())
        return as_officer

    def test_a_stranger_is_not_named(self, client, village, other_center):
        account = factories.UserFactory(name="孙店主", phone="13800001111")
        factories.MembershipFactory(user=account, division=other_center.division)

        answer = upload(client, Membership, sheets.xlsx(*self.SHEET))

        assert said(answer) == [
            "第 2 行：138****1111 是别人的账号，不是李春燕的。请核对号码；换了人用的，先请管理员改账号的姓名。"
        ]
        assert "孙店主" not in answer.content.decode()

    def test_somebody_within_reach_is(self, client, village):
        account = factories.UserFactory(name="孙店主", phone="13800001111")
        factories.MembershipFactory(user=account, division=village)

        [sentence] = said(upload(client, Membership, sheets.xlsx(*self.SHEET)))

        assert sentence.startswith("第 2 行：138****1111 是孙店主的账号")
