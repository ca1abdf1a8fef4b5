"""What a change of an item would reach: bookings ahead, open cases, centers."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking.models import Appointment, Status
from appointments.cases.models.case import Case
from appointments.catalog.models import ItemOptOut
from centers import codes
from centers.models import Center, Division


@dataclass(frozen=True, slots=True)
class Reach:
    booked: int
    cases: int
    centers: int

    def if_revised(self) -> list[str]:
        """Sentences for whoever is about to make another version."""
        said = [_("%(number)d个中心从那天起都用这一版。") % {"number": self.centers}]
        if self.booked:
            said.append(_("约好了的%(number)d个预约照约的时候说的办，单子上写的不变。") % {"number": self.booked})
        if self.cases:
            said.append(_("正在代办的%(number)d件照登记时的承诺办完。") % {"number": self.cases})
        return said

    def if_ended(self) -> list[str]:
        kept = [_("正在代办的%(number)d件不受影响，照常办完。") % {"number": self.cases}] if self.cases else []
        return [_("%(number)d个中心不再办这件事，网上和窗口都约不到。") % {"number": self.centers}, *kept]


def reach_of(division: Division, code: str) -> Reach:
    """In and below the division; a center that has opted out is not counted. Four queries."""
    span = codes.span(division.code)
    booked = Appointment.objects.with_status(Status.BOOKED).filter(
        ends_at__gt=timezone.now(), item__code=code, center__division__code__range=span
    )
    cases = Case.objects.open().filter(item__code=code, center__division__code__range=span)
    standing = Center.objects.standing().filter(is_active=True, division__code__range=span)
    for out in ItemOptOut.objects.current().filter(code=code).values_list("division__code", flat=True):
        standing = standing.exclude(division__code__range=codes.span(out))
    return Reach(booked.count(), cases.count(), standing.count())
