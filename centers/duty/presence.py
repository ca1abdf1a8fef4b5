"""Presence: villagers' reports, their verification by the township, and staff's own declarations.

No location and no photos. A report counts once somebody outside the center has verified it; declarations are stored
but are no evidence (docs/domain.md, Duty, K4).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.access import has_permission
from centers.days import staffing
from centers.days.proof import prove
from centers.days.reading import day_of
from centers.models import Center, DutyShift, PresenceReport
from centers.rules.reading import value
from portal.accounts import throttle
from portal.accounts.addresses import network_of
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.accounts.throttle import DAY
from portal.ui.errors import Changed, NotAllowed, RuleBroken, TooMany

SAME = timedelta(minutes=10)


def is_due(center: Center, now: datetime) -> bool:
    """Whether the center is within its opening hours, closures excluded, whoever is on duty."""
    row = day_of(center, timezone.localdate(now))
    return row is not None and any(one.starts_at <= now < one.ends_at for one in row.hours)


@transaction.atomic
def report(*, center: Center, found_somebody: bool, address: str, by=None) -> PresenceReport:
    """Store a villager's report. The same answer from the same address within ten minutes is deduplicated.

    Raises NotAllowed `staff` for the center's own staff, RuleBroken `not_due`, TooMany.
    """
    now = timezone.now()
    if by is not None and by.is_authenticated and _works_at(by, center):
        raise NotAllowed(_("在这里工作的人不能替群众点。请群众用自己的手机点。"), code="staff")
    if not is_due(center, now):
        raise RuleBroken(_("现在不是开门的时间，这一次不记。急事请打中心的电话。"), code="not_due")
    same = f"presence:{center.pk}:{network_of(address)}:{found_somebody}"
    if not throttle.allow(same, 1, int(SAME.total_seconds())):
        mine = PresenceReport.objects.filter(center=center, found_somebody=found_somebody, at__gte=now - SAME)
        if earlier := mine.order_by("-at").first():
            return earlier
    most = value("PRESENCE_TAPS_PER_ADDRESS", center.pk)
    if throttle.claim(throttle.per_network("presence", address, most, DAY)):
        raise TooMany(_("今天从这里点得太多了，这一次没有记。有事请打中心或乡镇的电话。"))
    day, part = staffing.now_part(now)
    return PresenceReport.objects.create(center=center, at=now, date=day, part=part, found_somebody=found_somebody)


@transaction.atomic
def check(*, report: PresenceReport, is_upheld: bool, note: str = "", by: User) -> PresenceReport:
    """Verify or reject a report, by somebody outside the center. Idempotent.

    Raises NotAllowed (also `own_center`), Changed.
    """
    if not has_permission(by, Permission.CONFIRM_VISITS, at=report.center):
        raise NotAllowed(_("核实要由包村干部、乡镇或县里来做。"))
    if _works_at(by, report.center):
        raise NotAllowed(_("自己在这个中心工作，不能核实它。请别人来核实。"), code="own_center")
    found = {"checked_at": timezone.now(), "checked_by": by, "is_upheld": is_upheld, "note": note}
    PresenceReport.objects.unchecked().filter(pk=report.pk).update(**found)
    report.refresh_from_db()
    if report.is_upheld and report.found_somebody:
        prove(report.center_id, report.at)
    if report.is_upheld != is_upheld:
        raise Changed(_("这一条刚刚被别人核实过了，结果不一样。请看看最新的情况。"))
    return report


@transaction.atomic
def declare(*, shift: DutyShift, by: User) -> DutyShift:
    """The person's own declaration of presence; level C, never counted. Idempotent. Raises NotAllowed, `not_now`."""
    if shift.staff.user_id != by.pk:
        raise NotAllowed(_("只能说自己在岗。"))
    if (shift.date, shift.part) != staffing.now_part():
        raise RuleBroken(_("只能在当班的这半天说“我在岗”。"), code="not_now")
    if not DutyShift.objects.active().filter(pk=shift.pk).exists():
        raise Changed(_("这个班刚刚已经换给别人了，或者被改过了。什么都没有动，请看看最新的值班表。"))
    DutyShift.objects.filter(pk=shift.pk, declared_at__isnull=True).update(declared_at=timezone.now(), declared_by=by)
    shift.refresh_from_db()
    return shift


def with_duty(reports: Iterable[PresenceReport]) -> list[tuple[PresenceReport, list[DutyShift]]]:
    """Each report with the published shifts of its half day: who should have been there, and can be rung up."""
    reports = list(reports)
    when = Q(pk__in=[])
    for one in reports:
        when |= Q(roster__center=one.center_id, date=one.date, part=one.part)
    there: dict[tuple, list[DutyShift]] = {}
    for shift in DutyShift.objects.published().for_pages().filter(when).order_by("staff__order", "pk"):
        there.setdefault((shift.roster.center_id, shift.date, shift.part), []).append(shift)
    return [(one, there.get((one.center_id, one.date, one.part), [])) for one in reports]


def _works_at(user: User, center: Center) -> bool:
    return (
        has_permission(user, Permission.MARK_ATTENDANCE, at=center) or center.staff.working().filter(user=user).exists()
    )
