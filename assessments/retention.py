"""Retention of ratings: what was written goes with the visit or the case; the level stays for statistics."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy

from assessments.models import Rating
from centers.people.own_data import Section
from centers.people.retention import Traces
from portal.accounts.models import User
from portal.retention import ANONYMOUS, Rule, forget_history, overdue


def rules(at: datetime) -> Iterator[Rule]:
    """Guests are anonymized before their booking's period is over; their words go with them."""
    visits = overdue(at, "bookings", "appointment__starts_at", "appointment__center__division__code")
    guests = Q(appointment__resident__name__startswith=ANONYMOUS)
    cases = overdue(at, "cases", "case__closed_at", "case__center__division__code")
    yield Rule(Rating.objects.filter(visits | guests | cases).exclude(comment=""), _forget)


def _forget(pks: list[int]) -> None:
    Rating.objects.filter(pk__in=pks).update(comment="")
    forget_history(Rating.objects.filter(pk__in=pks))


def _of(pks: list[int]) -> Q:
    return Q(appointment__resident__in=pks) | Q(case__resident__in=pks)


def _stored(pks: list[int], user: User) -> list[Section]:
    return [Section(gettext_lazy("评价"), Rating.objects.filter(_of(pks)).order_by("pk"))]


def _erase(pks: list[int]) -> None:
    _forget(list(Rating.objects.filter(_of(pks)).values_list("pk", flat=True)))


traces = Traces(stored=_stored, erase=_erase)
