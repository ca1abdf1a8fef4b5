"""From nothing to an open county: the steps of `manage.py init`, each safe to repeat."""

from pathlib import Path

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from appointments.catalog import starter
from centers import codes
from centers.importing.divisions import import_divisions
from centers.models import CalendarDay, DefaultHours, Division, Membership
from centers.services import calendar
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.ui.errors import RuleBroken


def divisions(file: Path | None, under: str | None) -> str:
    """Import the list, if one is given. Raises RowErrors, Unconfirmed, RuleBroken, FileNotFoundError."""
    if file is not None:
        with file.open("rb") as stream:
            return import_divisions(file=stream, under=under).words
    number = Division.objects.current().count()
    if not number:
        raise RuleBroken(_("还没有行政区划。请加上 --divisions 文件名（csv，两列：code,name）。"), code="no_divisions")
    return _("已有%(number)d个区划，没有动。") % {"number": number}


def county(code: str | None) -> Division:
    """The county to open: the one named, or the only one. Raises RuleBroken `county`."""
    counties = Division.objects.current().filter(level=Division.Level.COUNTY).order_by("code")
    found = list(counties.filter(code=code) if code else counties[:20])
    if len(found) == 1:
        return found[0]
    if code:
        raise RuleBroken(_("区划表里没有这个县（区）：%(asked)s"), code="county", asked=code)
    listed = "、".join(f"{one.code} {one.name}" for one in found)
    raise RuleBroken(_("有几个县（区），请用 --county 选一个：%(listed)s"), code="county", listed=listed)


def administrator_of(division: Division) -> User | None:
    """Somebody who can sign in as administrator and runs this county, or one above it."""
    above = [*codes.ancestors(division.code), division.code]
    held = Membership.objects.active().filter(role=Role.COUNTY, division__code__in=above)
    able = held.filter(user__is_superuser=True, user__is_staff=True).select_related("user")
    return next((one.user for one in able if one.user.has_usable_password()), None)


@transaction.atomic
def make_administrator(*, division: Division, username: str, name: str, password: str) -> User:
    """The first administrator: all rights in the admin, and the county's role for overview and approvals.

    An account of that name that is one already is given the role and keeps its password. Raises RuleBroken.
    """
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User(username=username, name=name, is_staff=True, is_superuser=True)
        try:
            validate_password(password, user)
            user.set_password(password)
            user.full_clean()
        except ValidationError as error:
            raise RuleBroken(" ".join(error.messages), code="administrator") from error
        user.save()
    elif not (user.is_superuser and user.is_staff and user.is_active):
        raise RuleBroken(_("登录名“%(name)s”是别人的，不是管理员。请换一个。"), code="administrator", name=username)
    Membership.objects.get_or_create(user=user, division=division, role=Role.COUNTY, revoked_at=None)
    return user


def fill_calendar() -> str:
    days = calendar.fill_ahead()
    last = CalendarDay.objects.order_by("-date").values_list("date", flat=True).first()
    if not days:
        return _("日历已有到%(year)d年，没有动。") % {"year": last.year}
    return _("日历写入%(days)d天，到%(year)d年。") % {"days": days, "year": last.year}


def default_hours(division: Division, by: User | None) -> str:
    stored, is_new = DefaultHours.objects.get_or_create(division=division, defaults={"changed_by": by})
    words = {"hours": stored.words}
    return (_("默认开放时间存好了：%(hours)s") if is_new else _("默认开放时间已有，没有动：%(hours)s")) % words


def starter_catalog(division: Division, by: User | None) -> str:
    new = starter.adopt(division=division, by=by).new
    if not new:
        return _("起步目录的事项都已经有了，没有动。")
    return _("采用了起步目录的%(number)d个事项，县里可以接着改。") % {"number": len(new)}
