"""Invariants of divisions and centers (`manage.py check_invariants`, docs/operations.md)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from centers.models import Center, Membership, Succession


def invariants(now: datetime) -> Iterator[tuple[str, QuerySet]]:
    yield "A division that has a successor has ended.", Succession.objects.filter(old__valid_to__isnull=True)
    yield "A merged center is at the division of the one into which it was merged.", _elsewhere()
    yield "No two centers that stand have one code.", _of_one_code()
    yield "A role is held where the division goes on.", _left_behind()


def _elsewhere() -> QuerySet:
    merged = Center.objects.filter(leads_to__isnull=False)
    return merged.exclude(division=F("leads_to__division")) | merged.filter(leads_to__leads_to__isnull=False)


def _of_one_code() -> QuerySet:
    others = Center.objects.standing().filter(division__code=OuterRef("division__code")).exclude(pk=OuterRef("pk"))
    return Center.objects.standing().filter(Exists(others))


def _left_behind() -> QuerySet:
    went = Succession.objects.filter(old=OuterRef("division"), goes_on=True)
    return Membership.objects.filter(Exists(went), revoked_at=None)
