"""What a change of a rule of booking touches, said before it is made."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from appointments.booking.models import Appointment, Status
from centers import codes
from centers.models import Division
from centers.rules.declared import Rule


def beyond_horizon(rule: Rule, division: Division | None, value: int, first: date) -> list[str]:
    """How many bookings lie further ahead than could be booked then."""
    rows = Appointment.objects.with_status(Status.BOOKED).filter(starts_at__date__gt=first + timedelta(days=value))
    if division:
        rows = rows.filter(center__division__code__range=codes.span(division.code))
    if not (number := rows.count()):
        return []
    return [_("已经有%(number)d个预约约在那以后，都照样算数。") % {"number": number}]
