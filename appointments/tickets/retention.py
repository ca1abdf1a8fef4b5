"""Retention of tickets: the priority of people with a name is deleted."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy

from appointments.tickets.models import Ticket
from centers.people.own_data import Section
from centers.people.retention import Traces
from portal.accounts.models import User
from portal.retention import Rule, forget_history, overdue


def rules(at: datetime) -> Iterator[Rule]:
    """Includes appointments without a phone number."""
    past = overdue(at, "bookings", "appointment__starts_at", "center__division__code")
    yield Rule(Ticket.objects.filter(past).exclude(priority=""), _forget)


def _forget(pks: list[int]) -> None:
    # A disability is sensitive personal information; the ticket number alone is not.
    Ticket.objects.filter(pk__in=pks).update(priority="")
    forget_history(Ticket.objects.filter(pk__in=pks))


def _stored(pks: list[int], user: User) -> list[Section]:
    return [Section(gettext_lazy("号票"), Ticket.objects.filter(appointment__resident__in=pks).order_by("pk"))]


def _erase(pks: list[int]) -> None:
    _forget(list(Ticket.objects.filter(appointment__resident__in=pks).values_list("pk", flat=True)))


traces = Traces(stored=_stored, erase=_erase)
