"""Opening a case at the desk, by telephone or on a visit."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from appointments.booking.models import Appointment, new_code
from appointments.cases import messages as case_messages
from appointments.cases.models import Case, CaseMaterial, CaseStep, Level
from appointments.cases.services import papers
from appointments.cases.services.stages import Now, begin, log
from appointments.catalog.models import ServiceItem
from centers.models import Center, FamilyLink, Resident
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.ui.errors import RuleBroken

CODE_TRIES = 5


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
    for last_try in (*[False] * CODE_TRIES, True):
        try:
            return _open_once(case, there)
        except IntegrityError:
            # Rolled back. A concurrent submission of the same form may have opened the case: then return that one.
            if earlier := Case.objects.for_pages().filter(key=key).first():
                return _repeat_of(earlier, case)
            if last_try:
                raise
            case.pk, case.code = None, new_code()
    raise AssertionError("the last try returns or raises")


@transaction.atomic
def _open_once(case: Case, there: Collection[str]) -> Case:
    now = Now.read()
    case.opened_at = now.at
    # Codes are unique across bookings and cases of a center, because one search field finds both.
    while Appointment.objects.filter(center=case.center_id, code=case.code).exists():
        case.code = new_code()
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


def _repeat_of(earlier: Case, repeated: Case) -> Case:
    if (earlier.center_id, earlier.item.code, earlier.resident_id) != (
        repeated.center_id,
        repeated.item.code,
        repeated.resident_id,
    ):
        raise RuleBroken(_("这张表已经用过了。请从头再登记一次。"), code="key_reused")
    return earlier
