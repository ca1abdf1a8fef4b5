"""Get or create residents, and their family links."""

from functools import partial

from django.core.exceptions import ValidationError
from django.utils import timezone

from centers.models import Division, FamilyLink, Resident
from portal.accounts.audit_log import log_creation
from portal.accounts.models import User
from portal.accounts.phones import normalise
from portal.prepared import Prepared, PreparedInsert
from portal.ui.errors import explain
from portal.ui.idempotency import make_once
from portal.ui.sheets.encoding import tidy


def find_or_create(*, division: Division, name: str, phone: str, villager_group: str = "") -> Resident:
    """Get or create the resident with that village, name and phone; parallel calls create one row.

    `villager_group` is set only if empty. Raises RuleBroken for an invalid name or phone.
    """
    same = {"division": division, "name": tidy(name), "phone": normalise(tidy(phone))}
    known = _known(division=division.pk, name=same["name"], phone=same["phone"])
    resident = known[0] if known else _create(same, villager_group)
    if villager_group and not resident.villager_group:
        resident.villager_group = villager_group
        resident.save(update_fields=["villager_group"])
    return resident


@Prepared
def _known(division: int, name: str, phone: str):
    return Resident.objects.filter(division=division, name=name, phone=phone)


def _create(same: dict, villager_group: str) -> Resident:
    resident = Resident(**same, villager_group=villager_group)
    try:
        # No queries for validation: the division was just read, and the database enforces the constraints.
        resident.full_clean(exclude=["division"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise explain(error) from error
    # ON CONFLICT DO NOTHING: catching an IntegrityError would leave PostgreSQL's transaction aborted.
    if not _insert([resident]):
        return Resident.objects.get(**same)
    log_creation(resident)
    return resident


_insert = PreparedInsert(Resident, skip_known=True)


def link_family(*, user: User, resident: Resident, relation: str) -> FamilyLink:
    """Let `user` book for `resident`; an existing link gets the new `relation`."""
    standing = FamilyLink.objects.filter(user=user, resident=resident, ended_at__isnull=True)
    make = partial(FamilyLink.objects.create, user=user, resident=resident, relation=relation)
    link = standing.first() or make_once(make, standing.first)
    if link.relation != relation:
        link.relation = relation
        link.save(update_fields=["relation"])
    return link


def end_family_link(*, link: FamilyLink) -> None:
    """Soft delete: the row documents who could see whose bookings, and until when."""
    FamilyLink.objects.filter(pk=link.pk, ended_at__isnull=True).update(ended_at=timezone.now())
