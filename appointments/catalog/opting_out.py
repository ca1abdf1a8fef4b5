"""Where an item is not offered although a division above has it: a village, or all of a township, opts out."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.catalog.models import ItemOptOut, ServiceItem
from appointments.catalog.services import follow
from centers import codes
from centers.models import Division
from portal import locking
from portal.accounts.models import User
from portal.ui.errors import RuleBroken


@transaction.atomic
def opt_out(*, division: Division, code: str, by: User) -> ItemOptOut:
    """Do not offer the item in and below the division from now on. Idempotent: of two taps both get the same row.

    settings.ITEM_FOLLOWERS hear of it in the same transaction, so that whoever has booked is told.
    Raises RuleBroken `item_gone` for an item that is not offered there.
    """
    locking.lock(Division, [division.pk], no_key=True)
    if standing := ItemOptOut.objects.current().filter(division=division, code=code).first():
        return standing
    if not ServiceItem.objects.offered_along([*codes.ancestors(division.code), division.code]).filter(code=code):
        raise RuleBroken(_("这件事已经不办了，什么都没有动。请看看现在的列表。"), code="item_gone")
    made = ItemOptOut(division=division, code=code, by=by)
    made.full_clean()
    made.save()
    follow(made)
    return made


@transaction.atomic
def opt_in(*, division: Division, code: str, by: User) -> bool:
    """Offer it again. Idempotent; returns whether anything changed. Who was told that it is off hears that it is on."""
    locking.lock(Division, [division.pk], no_key=True)
    standing = ItemOptOut.objects.current().filter(division=division, code=code).select_related("division").first()
    if standing is None:
        return False
    standing.ended_at, standing.ended_by = timezone.now(), by
    standing.save(update_fields=["ended_at", "ended_by"])
    follow(standing)
    return True
