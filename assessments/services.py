"""Rating a visit or a case: once, by the person served, never by those who helped."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking.models import Appointment, Status
from appointments.cases.may_rate import has_helped
from appointments.cases.models import Case
from assessments.models import Rating
from assessments.models.rating import RatingQuerySet
from centers import access
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.ui.errors import RuleBroken


def rate(*, of: Appointment | Case, level: int, comment: str = "", via: str, by: User | None = None) -> Rating:
    """Store a rating. Raises RuleBroken `staff`, `helper`, `not_served`, `rated`.

    `by` is the user signed in on the device. Devices of staff are refused, so that nobody is urged to rate at the
    desk (GB/T 39735: voluntary, without steering).
    """
    with transaction.atomic():
        of = type(of).objects.locked(of.pk)
        check(of, by=by)
        of.rated_at = now = timezone.now()
        of.save(update_fields=["rated_at"])
        return _store(of, level, comment, via, now)


def have_read(*, ratings: RatingQuerySet, side: str, by: User) -> int:
    """Tick bad ratings off as read, at the center (CENTER) or above it (ABOVE). Idempotent; returns their number."""
    unread = ratings.bad().filter(**{f"{side}_at": None})
    keys = list(unread.values_list("pk", flat=True))
    read = {f"{side}_at": timezone.now(), f"{side}_by": by}
    return Rating.objects.filter(pk__in=keys, **{f"{side}_at": None}).update(**read)


def check(of: Appointment | Case, *, by: User | None = None) -> None:
    """Raises RuleBroken `staff`, `helper`, `not_served`, `rated` when this cannot be rated by `by` now."""
    if by and by.is_authenticated and access.has_permission(by, Permission.MARK_ATTENDANCE):
        raise RuleBroken(_("这台设备登录着工作人员账号，不能评价。请群众用自己的手机，或先退出登录。"), code="staff")
    if isinstance(of, Case):
        _check_case(of, by)
    elif of.status != Status.SERVED:
        raise RuleBroken(_("这次预约还没有办理，办完以后再来评价。"), code="not_served")
    if of.rated_at:
        raise RuleBroken(_("这次服务您已经评价过了，谢谢您。"), code="rated")


def _check_case(case: Case, by: User | None) -> None:
    if has_helped(by, case):
        raise RuleBroken(_("评价要由办事的本人来做。您帮着办过这件事，或者是家里人，不能替他（她）评。"), code="helper")
    if not case.can_be_rated:
        raise RuleBroken(_("这件代办还没有办完、交到手里，办完以后再来评价。"), code="not_served")


def _store(of: Appointment | Case, level: int, comment: str, via: str, now: datetime) -> Rating:
    whose = {"case": of} if isinstance(of, Case) else {"appointment": of}
    rating = Rating(**whose, level=level, comment=comment, via=via, rated_at=now)
    rating.full_clean()
    rating.save(force_insert=True)
    return rating
