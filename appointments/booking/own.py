"""Bookings of somebody who asks for their data, or for their name to be erased."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.booking import services
from appointments.booking.messages import subject_of
from appointments.booking.models import Appointment
from centers.people.own_data import Section
from centers.people.retention import Ahead
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.retention import GONE, forget_history, numbered
from portal.ui import words
from portal.ui.errors import RuleBroken

OF_OTHERS = frozenset({"resident", "phone", "contact_name", "note", "cancel_reason", "booked_by"})


def stored(pks: list[int], user: User) -> list[Section]:
    own = Appointment.objects.filter(resident__in=pks).order_by("starts_at", "pk")
    for_others = Appointment.objects.filter(booked_by=user).exclude(resident__in=pks).order_by("starts_at", "pk")
    return [
        Section(gettext_lazy("预约"), own, frozenset({"resident"})),
        Section(gettext_lazy("您登录着替别人约的"), for_others, OF_OTHERS),
    ]


def ahead(pks: list[int], now: datetime) -> list[Ahead]:
    """What has begun, or whose person has come, is not cancelled from here any more."""
    rows = _not_over(Appointment.objects.for_pages().filter(resident__in=pks), now).order_by("starts_at", "pk")
    return [
        Ahead(
            _key(row),
            _("%(when)s %(item)s，在%(center)s")
            % {"when": words.moment(row.starts_at), "center": row.place.name, "item": row.item},
            goes_on=not row.can_be_changed(now),
        )
        for row in rows
    ]


def holds(at: datetime) -> Q:
    return Q(Exists(_not_over(Appointment.objects.filter(resident=OuterRef("pk")), at)))


def end(pks: list[int], shown: set[str], by: User) -> None:
    for appointment in Appointment.objects.active().filter(resident__in=pks, served_at__isnull=True).order_by("pk"):
        if _key(appointment) in shown and appointment.can_be_changed():
            try:
                services.cancel(appointment=appointment, by=by)
            except RuleBroken:  # it has begun, or they have come, since it was listed: it goes on
                continue


def erase(pks: list[int]) -> None:
    rows = Appointment.objects.filter(resident__in=pks)
    rows.update(phone="", contact_name="", note="", cancel_reason="", link=numbered(GONE))
    forget_history(rows)
    notifications.forget(subjects=[subject_of(Appointment(pk=pk)) for pk in rows.values_list("pk", flat=True)])


def _key(appointment: Appointment) -> str:
    return f"appointment:{appointment.pk} {appointment.starts_at}"


def _not_over(rows: QuerySet[Appointment], now: datetime) -> QuerySet[Appointment]:
    return rows.filter(cancelled_at__isnull=True, missed_at__isnull=True, served_at__isnull=True, ends_at__gt=now)
