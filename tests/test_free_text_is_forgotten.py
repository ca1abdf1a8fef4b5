"""P4: each column in which somebody may have written about a person is emptied in time, or kept for a reason."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from portal import retention
from portal.notifications import services
from tests import factories

APPS = ("accounts", "appointments", "assessments", "centers", "notifications")
TEXT = "13700006789"
LONG_AGO = date(2021, 1, 1)

# A row that is past its period, and its columns that are emptied.
FORGOTTEN: dict[str, tuple[Callable, set[str]]] = {
    "appointments.Appointment": (
        lambda: factories.AppointmentFactory(cancelled=True),
        {"phone", "contact_name", "note", "cancel_reason", "link"},
    ),
    "appointments.WaitingEntry": (factories.WaitingEntryFactory, {"phone", "contact_name", "note", "link"}),
    "appointments.Case": (
        lambda: factories.CaseFactory(done=True),
        {"phone", "contact_name", "result_note", "handed_over_to", "link"},
    ),
    "appointments.CaseStage": (lambda: factories.CaseStageFactory(case__done=True), {"note"}),
    "appointments.CasePause": (lambda: factories.CasePauseFactory(stage__case__done=True), {"evidence"}),
    "appointments.CaseTransfer": (lambda: factories.CaseTransferFactory(case__done=True), {"reason"}),
    "appointments.CaseStep": (lambda: factories.CaseStepFactory(case__done=True), {"note"}),
    "appointments.OfflineMark": (factories.OfflineMarkFactory, {"name", "matter"}),
    "assessments.Rating": (factories.RatingFactory, {"comment"}),
    "centers.Resident": (factories.ResidentFactory, {"name", "name_key", "phone", "remark"}),
    "centers.JoinedResident": (
        factories.JoinedResidentFactory,
        {"name", "phone", "villager_group", "remark"},
    ),
    "centers.Staff": (lambda: factories.StaffFactory(left_on=LONG_AGO), {"phone"}),
    "centers.Leave": (lambda: factories.LeaveFactory(first_date=LONG_AGO), {"reason", "refusal"}),
    "centers.ShiftSwap": (lambda: factories.ShiftSwapFactory(shift__date=LONG_AGO), {"reason"}),
    "centers.MemberChange": (factories.MemberChangeFactory, {"reason"}),
    "centers.PresenceReport": (factories.PresenceReportFactory, {"note"}),
    "centers.SheetUpload": (factories.SheetUploadFactory, {"name", "refusal"}),
    "notifications.Message": (factories.MessageFactory, {"address", "detail", "body", "last_error"}),
}

OF_A_PLACE = "is about a place, an office or a day, and stands on public pages"
MACHINE = "is made by the portal and says nothing of a person: a key, a code, a hash"
PLACES = {
    "appointments": ("ServiceItem", "ItemDraft", "ItemOptOut", "ItemAgent", "SlotGap"),
    "centers": (
        *("Division", "Center", "FormerCode", "RoomFunction", "Room", "CalendarDay", "MarketRule", "ClosureNotice"),
        *("CenterDay", "HolidayNotice", "OpeningRule", "GroupTag", "RuleChange", "DefaultHours"),
    ),
}
KEPT_MODELS = {
    **{f"{app}.{model}": OF_A_PLACE for app, names in PLACES.items() for model in names},
    **dict.fromkeys(
        [
            "accounts.Invitation",
            "accounts.Throttle",
            "appointments.LinkUse",
            "appointments.Ticket",
            "notifications.Beat",
        ],
        MACHINE,
    ),
    "accounts.User": "lives as long as the account, which its owner or an administrator ends",
    "accounts.LoginCode": "is deleted a day after it expired (codes.forget_old)",
    "centers.ApiToken": "names a caller, such as a hotline",
    "centers.Membership": "names a post, which is public",
}
KEPT = {
    **{f"appointments.{model}.code": MACHINE for model in ("Appointment", "WaitingEntry", "Case")},
    **{f"appointments.{model}.key": MACHINE for model in ("Appointment", "WaitingEntry", "Case")},
    "appointments.CaseStage.office": "names an office",
    "appointments.CaseMaterial.name": "names a paper of the list of the item",
    "appointments.OfflineMark.note": "is worded by the portal: why a mark was refused",
    "centers.MemberChange.key": MACHINE,
    "centers.Staff.name": "stays with the shifts, which say who was on duty",
    "centers.Staff.title": "names a post, which is public",
    "centers.Staff.calendar_key": MACHINE,
    "centers.SheetUpload.key": MACHINE,
    "centers.Resident.villager_group": "who has one belongs to the village and is kept on its list",
    **dict.fromkeys([f"notifications.Message.{column}" for column in ("subject", "person", "kind", "lease")], MACHINE),
    "notifications.Message.title": "is one of the titles of its kind",
}


def columns() -> list[str]:
    """Every column for text that is not one of a list of choices."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in APPS and model._meta.label not in KEPT_MODELS
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices
    ]


FORGOTTEN_COLUMNS = {f"{label}.{column}" for label, (_make, names) in FORGOTTEN.items() for column in names}


def test_each_column_has_a_rule_or_a_reason():
    assert set(columns()) - FORGOTTEN_COLUMNS - set(KEPT) == set()


def test_no_rule_and_no_reason_is_of_a_column_that_is_gone():
    assert (FORGOTTEN_COLUMNS | set(KEPT)) - set(columns()) == set()
    assert set(KEPT_MODELS) - {model._meta.label for model in apps.get_models()} == set()
    assert FORGOTTEN_COLUMNS & set(KEPT) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("label", FORGOTTEN)
def test_the_rule_empties_it(label):
    make, names = FORGOTTEN[label]
    row = make()
    rows = type(row).objects.filter(pk=row.pk)
    rows.update(**dict.fromkeys(names, TEXT))
    assert all(TEXT in value for value in rows.values_list(*names).get())
    later = timezone.now() + timedelta(days=3650)

    retention.forget_old(later)
    services.forget_old(later)

    assert [name for name, value in rows.values(*names).get().items() if TEXT in value] == []
