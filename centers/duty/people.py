"""A center's staff list, and the secret URL of a person's calendar subscription."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.days import months
from centers.days.half_days import PARTS
from centers.days.keeping import keep
from centers.duty import lapsing
from centers.models import DutyShift, Staff
from portal.accounts.models import User
from portal.ui.errors import NotAllowed, explain


@transaction.atomic
def save(*, person: Staff, by: User) -> Staff:
    """Store a new or changed staff member. Past shifts stay; swaps and bookable slots follow."""
    is_new = person.pk is None
    if is_new:
        person.order = Staff.objects.filter(center=person.center).count()
    try:
        person.full_clean()
    except ValidationError as error:
        raise explain(error) from error
    person.save()
    if not is_new and person.left_on:
        lapsing.end_with(person, by)
        keep([person.center])
    return person


def new_calendar(*, person: Staff, by: User) -> Staff:
    """Create a new secret calendar URL; the old one stops working. Raises NotAllowed."""
    _check_own(person, by)
    person.calendar_key = secrets.token_urlsafe(24)
    person.save(update_fields=["calendar_key"])
    return person


def revoke_calendar(*, person: Staff, by: User) -> Staff:
    """Revoke the calendar URL. Idempotent. Raises NotAllowed."""
    _check_own(person, by)
    person.calendar_key = None
    person.save(update_fields=["calendar_key"])
    return person


def shifts_ahead(person: Staff) -> list[DutyShift]:
    """A person's published shifts from today to the end of the month after next."""
    today = timezone.localdate()
    last = months.ends(months.following(months.following(today)))
    shifts = DutyShift.objects.published().for_pages().filter(staff=person).between(today, last)
    return sorted(shifts, key=lambda shift: (shift.date, PARTS.index(shift.part)))


def _check_own(person: Staff, by: User) -> None:
    if person.user_id != by.pk:
        raise NotAllowed(_("日历地址只给本人。"))
