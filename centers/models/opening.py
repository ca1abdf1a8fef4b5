"""Opening rules: what a center's week looks like."""

import re
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from centers.days.opening import is_between
from centers.models.center import Center
from portal.ui import params

month_day = RegexValidator(r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$", _("请写成“月-日”，例如 06-01。"))
# Shorter ones hold no half hour of the clock, and more people than that at once are a typing mistake. Our defaults.
SHORTEST, MOST_PLACES = timedelta(minutes=30), 99


class OpeningRule(models.Model):
    """One opening period on one weekday, all year or in a season; a season may cross New Year.

    `online_places` and `desk_places` are separate capacities per slot, so that those who cannot book online still
    find a place. `walk_in_places` are additional and cannot be booked: people without an appointment who are called
    during the slot.
    """

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("周一")
        TUESDAY = 1, _("周二")
        WEDNESDAY = 2, _("周三")
        THURSDAY = 3, _("周四")
        FRIDAY = 4, _("周五")
        SATURDAY = 5, _("周六")
        SUNDAY = 6, _("周日")

    center = models.ForeignKey(Center, models.CASCADE, verbose_name=_("中心"), related_name="opening_rules")
    weekday = models.PositiveSmallIntegerField(_("星期"), choices=Weekday)
    opens = models.TimeField(_("开门"))
    closes = models.TimeField(_("关门"))
    season_start = models.CharField(_("季节开始"), max_length=5, blank=True, validators=[month_day])
    season_end = models.CharField(_("季节结束"), max_length=5, blank=True, validators=[month_day])
    online_places = models.PositiveSmallIntegerField(_("每个时间网上名额"), default=2)
    desk_places = models.PositiveSmallIntegerField(_("每个时间现场保留名额"), default=1)
    walk_in_places = models.PositiveSmallIntegerField(
        _("每个时间留给现场取号的人数"),
        default=1,
        help_text=_("不能提前约，当天来的人取号用。写 0，就只在没有预约的人等候时叫号。"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("开放时间")
        ordering = ["center", "weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="an_opening_ends_after_it_starts",
                violation_error_message=_("关门时间要晚于开门时间。"),
            ),
            models.CheckConstraint(
                condition=Q(season_start="", season_end="") | (~Q(season_start="") & ~Q(season_end="")),
                name="a_season_has_both_ends",
                violation_error_message=_("季节的开始和结束要一起填。"),
            ),
            models.UniqueConstraint(
                fields=["center", "weekday", "opens", "season_start"],
                name="an_opening_is_listed_once",
                violation_error_message=_("这个开门时间已经有了。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def clean(self) -> None:
        """Refuse what is a typing mistake: a period too short to book, days that do not exist, hours entered twice."""
        errors = {
            name: _("没有这一天。") for name in ("season_start", "season_end") if not _exists(getattr(self, name))
        }
        for name in ("online_places", "desk_places", "walk_in_places"):
            if (getattr(self, name) or 0) > MOST_PLACES:
                errors[name] = _("半小时里最多%(most)s人，请看看是不是多打了。") % {"most": MOST_PLACES}
        if self.opens and self.closes and self.opens < self.closes < _later(_first_step(self.opens), SHORTEST):
            errors["closes"] = _("一段里至少要有一个能约的半小时，从整点或半点开始。")
        if errors:
            raise ValidationError(errors)
        if other := self._overlapping():
            raise ValidationError({"opens": _("和已经有的%(other)s重叠了。请改那一段，或者错开。") % {"other": other}})

    def _overlapping(self) -> "OpeningRule | None":
        if not (self.center_id and self.opens and self.closes) or self.weekday is None:
            return None
        same_day = OpeningRule.objects.filter(center=self.center_id, weekday=self.weekday).exclude(pk=self.pk)
        touching = same_day.filter(opens__lt=self.closes, closes__gt=self.opens)
        return next((rule for rule in touching if _same_season(self, rule)), None)


def _exists(month_day: str) -> bool:
    """Of "MM-DD", also in a leap year only; what is not of that form is refused by its own validator."""
    return not re.fullmatch(r"\d\d-\d\d", month_day) or params.day(f"2024-{month_day}") is not None


def _first_step(opens: time) -> time:
    """The first half hour of the clock (slots are on the grid)."""
    return _later(opens, timedelta(minutes=-opens.minute % 30))


def _later(clock: time, by: timedelta) -> time:
    later = datetime.combine(date.min, clock) + by
    return later.time() if later.date() == date.min else time.max


def _same_season(one: OpeningRule, other: OpeningRule) -> bool:
    """Whether both hold on some day: seasonal rules replace those of all year."""
    if not one.season_start or not other.season_start:
        return one.season_start == other.season_start
    return is_between(one.season_start, other.season_start, other.season_end) or is_between(
        other.season_start, one.season_start, one.season_end
    )
