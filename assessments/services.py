"""Rating a visit. Only the served may, once, and never somebody of the center."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.models import Appointment
from appointments.models.appointment import Status
from assessments.models import Rating
from centers import access
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.ui.errors import RuleBroken


def rate(*, appointment: Appointment, level: int, comment: str = "", via: str, by: User | None = None) -> Rating:
    """Store a rating. Raises RuleBroken `staff`, `not_served`, `rated`.

    `by` is whoever is signed in on the device: a staff device is barred, whoever holds it, so that
    nobody is made to rate across the desk (GB/T 39735: voluntary, without steering).
    """
    with transaction.atomic():
        appointment = Appointment.objects.locked(appointment.pk)
        check(appointment, by=by)
        appointment.rated_at = now = timezone.now()
        appointment.save(update_fields=["rated_at"])
        return _store(appointment, level, comment, via, now)


def check(appointment: Appointment, *, by: User | None = None) -> None:
    """Whether this visit can be rated here and now. Raises RuleBroken `staff`, `not_served`, `rated`."""
    if by and by.is_authenticated and access.has_permission(by, Permission.MARK_ATTENDANCE):
        raise RuleBroken(_("这台设备登录着工作人员账号，不能评价。请群众用自己的手机，或先退出登录。"), code="staff")
    if appointment.status != Status.SERVED:
        raise RuleBroken(_("这次预约还没有办理，办完以后再来评价。"), code="not_served")
    if appointment.rated_at:
        raise RuleBroken(_("这次服务您已经评价过了，谢谢您。"), code="rated")


def _store(appointment: Appointment, level: int, comment: str, via: str, now: datetime) -> Rating:
    rating = Rating(appointment=appointment, level=level, comment=comment, via=via, rated_at=now)
    rating.full_clean()
    rating.save(force_insert=True)
    return rating
