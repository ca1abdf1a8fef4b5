"""Whom a center has to recognize: rows that may be one person, and accounts that sleep until it has seen them."""

from django.db.models import Q, QuerySet

from centers.models import Center, FamilyLink, Membership, Resident
from portal.accounts.models import User


def twins_at(center: Center) -> QuerySet[Resident]:
    """Rows that are the person of another row and could not be joined by themselves."""
    return Resident.objects.filter(division=center.division_id, twin_of__isnull=False).select_related("twin_of")


def accounts_at(center: Center) -> QuerySet[User]:
    """Accounts of this village's people, by family link or by number, and of its staff."""
    here = Resident.objects.filter(division=center.division_id)
    linked = FamilyLink.objects.filter(resident__in=here, ended_at__isnull=True)
    of_number = here.exclude(phone="").values("phone")
    staff = Membership.objects.active().filter(division=center.division_id)
    is_known = Q(pk__in=linked.values("user")) | Q(phone__in=of_number) | Q(pk__in=staff.values("user"))
    return User.objects.filter(is_known)


def asleep_at(center: Center) -> QuerySet[User]:
    return accounts_at(center).filter(asleep_since__isnull=False)


def wake(user: User) -> None:
    """The center has seen that the number is still theirs: all that was there is shown again. Idempotent."""
    user.asleep_since = None
    user.save(update_fields=["asleep_since"])
