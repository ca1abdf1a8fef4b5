"""Residents that an older release wrote while this one was started beside it: their names are not spelled yet."""

from django.db import transaction
from django.db.models import Q

from centers.models import Resident
from centers.people import joining
from portal import locking
from portal.retention import ANONYMOUS
from portal.ui import names, numbers

BATCH = 500


def catch_up() -> int:
    """Job of settings.UPKEEP: spell them as `save` does, and join who is listed already. Returns how many."""
    erased = Q(name__startswith=ANONYMOUS) & Q(phone="")
    late = Resident.objects.filter(name_key="").exclude(Q(name="") | erased).order_by("pk")
    pks = list(late.values_list("pk", flat=True)[:BATCH])
    for pk in pks:
        with transaction.atomic():
            _spell(locking.locked(Resident.objects.all(), pk))
    return len(pks)


def _spell(late: Resident) -> None:
    apart = {"phone": numbers.canonical(late.phone)} if late.phone else {"phone": "", "remark": late.remark}
    if not late.phone:
        apart["villager_group"] = late.villager_group
    same = Resident.objects.filter(division=late.division_id, name_key=names.key(late.name), twin_of=None, **apart)
    known = same.order_by("pk").first()
    if known is None:
        late.save()
    elif joining.clashes(known, late):
        late.twin_of = known
        late.save()
    else:
        joining.join(known, late)
