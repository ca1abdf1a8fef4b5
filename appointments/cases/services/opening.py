"""Opening a case at the desk, by telephone or on a visit."""

from collections.abc import Collection
from functools import partial

from django.utils.translation import gettext as _

from appointments.booking.models import Appointment, new_code
from appointments.cases import messages as case_messages
from appointments.cases.models import Case, CaseMaterial, CaseStep, Level
from appointments.cases.services import papers
from appointments.cases.services.stages import Now, begin, log
from appointments.catalog.models import ServiceItem
from centers.models import Center, FamilyLink, Resident
from centers.people import residents
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.ui.errors import RuleBroken
from portal.ui.idempotency import KeyReused, make_once

CODES = "a_case_code_is_used_once_in_a_center"


def open_case(
    *,
    center: Center,
    item: ServiceItem,
    resident: Resident,
    source: str,
    key: str,
    by: User,
    appointment: Appointment | None = None,
    there: Collection[str] = (),
    backup: User | None = None,
    phone: str = "",
    contact_name: str = "",
    relation: str = FamilyLink.Relation.SELF,
) -> Case:
    """Open a case of `item` for `resident`; `there` names the papers handed in. `by` becomes the first owner.

    With all papers it is accepted at once. Idempotent by `key`, the form's idempotency key.
    Raises RuleBroken `key_reused` for a form that was used for another matter, `backup_is_owner`.
    """
    if backup == by:
        raise RuleBroken(_("AB岗要选另外一个人：您不在的时候，由他接手。"), code="backup_is_owner", field="backup")
    case = Case(
        center=center,
        item=item,
        resident=resident,
        code="",  # drawn with each try
        appointment=appointment,
        source=source,
        key=key,
        phone=phone or resident.phone,
        contact_name=contact_name,
        relation=relation,
        first_owner=by,
        owner=by,
        backup=backup,
    )
    return make_once(partial(_open, case, there), partial(_made_before, case), drawn=CODES)


def _open(case: Case, there: Collection[str]) -> Case:
    now = Now.read()
    residents.in_use(case.resident)
    case.pk, case.code, case.opened_at = None, _new_code(case), now.at
    case.clean_fields(exclude=["center", "item", "resident", "appointment", "first_owner", "owner", "backup"])
    case.save(force_insert=True)
    listed = dict.fromkeys(case.item.materials)
    CaseMaterial.objects.bulk_create(
        CaseMaterial(case=case, name=name, there_at=now.at if name in there else None) for name in listed
    )
    begin(case, Level.VILLAGE, now)
    log(case, CaseStep.Kind.OPENED, now, case.owner, case.get_source_display())
    if all(name in there for name in listed):
        papers.accept_now(case, now, case.owner)
    notifications.plan(case_messages.opened(case, now.at))
    return case


def _new_code(case: Case) -> str:
    """One number and one code lead to one thing: a booking's code is not given to a case of the same center."""
    code = new_code()
    while Appointment.objects.filter(center=case.center_id, code=code).exists():
        code = new_code()
    return code


def _made_before(asked: Case) -> Case | None:
    earlier = Case.objects.for_pages().filter(key=asked.key).first()
    if earlier and _about(earlier) != _about(asked):
        raise KeyReused
    return earlier


def _about(case: Case) -> tuple:
    return case.center_id, case.item.code, case.resident_id
