"""The opening hours that a new center gets: a county's, or a township's of its own."""

from collections.abc import Iterator
from datetime import time

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from centers.models.center import Center
from centers.models.division import Division
from centers.models.opening import OpeningRule
from portal.accounts.columns import who_if_any

PARTS = ("morning", "afternoon", "evening")


class DefaultHours(models.Model):
    """One week of up to three periods a day, the same on each of `weekdays`. The nearest division's counts.

    A center keeps what it was given: changing a default changes no center. The initial values are our default.
    """

    division = models.OneToOneField(
        Division, models.CASCADE, verbose_name=_("区划"), related_name="default_hours", editable=False
    )
    weekdays = models.CharField(
        _("哪几天开门"), max_length=7, default="01234", validators=[RegexValidator(r"^[0-6]{1,7}$", _("请选择星期。"))]
    )
    morning_opens = models.TimeField(_("上午从"), null=True, blank=True, default=time(8, 30))
    morning_closes = models.TimeField(_("上午到"), null=True, blank=True, default=time(11, 30))
    afternoon_opens = models.TimeField(_("下午从"), null=True, blank=True, default=time(14))
    afternoon_closes = models.TimeField(_("下午到"), null=True, blank=True, default=time(17, 30))
    evening_opens = models.TimeField(_("晚上从"), null=True, blank=True)
    evening_closes = models.TimeField(_("晚上到"), null=True, blank=True)
    online_places = models.PositiveSmallIntegerField(_("每个时间网上名额"), default=2)
    desk_places = models.PositiveSmallIntegerField(_("每个时间现场保留名额"), default=1)
    walk_in_places = models.PositiveSmallIntegerField(_("每个时间留给现场取号的人数"), default=1)
    changed_by = who_if_any(_("谁改的"), editable=False)
    changed_at = models.DateTimeField(_("最近修改"), auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = _("默认开放时间")
        ordering = ["division__code"]

    def __str__(self) -> str:
        return self.words

    @property
    def periods(self) -> list[tuple[time, time]]:
        pairs = [(getattr(self, f"{part}_opens"), getattr(self, f"{part}_closes")) for part in PARTS]
        return [(opens, closes) for opens, closes in pairs if opens and closes]

    @property
    def words(self) -> str:
        """Such as 周一、周二 8:30–11:30，14:00–17:30."""
        days = "、".join(str(OpeningRule.Weekday(int(day)).label) for day in sorted(set(self.weekdays)))
        hours = "，".join(f"{opens:%-H:%M}–{closes:%-H:%M}" for opens, closes in self.periods)
        return f"{days} {hours}"

    def rules_of(self, center: Center | None) -> Iterator[OpeningRule]:
        """Unsaved rows of a center's week."""
        for day in sorted(set(self.weekdays)):
            for opens, closes in self.periods:
                yield OpeningRule(
                    center=center,
                    weekday=int(day),
                    opens=opens,
                    closes=closes,
                    online_places=self.online_places,
                    desk_places=self.desk_places,
                    walk_in_places=self.walk_in_places,
                )

    def clean(self) -> None:
        """What one rule of a center may not be, these may not be either; and its periods follow each other."""
        errors: dict[str, object] = {}
        before = None
        for part in PARTS:
            opens, closes = getattr(self, f"{part}_opens"), getattr(self, f"{part}_closes")
            if bool(opens) != bool(closes):
                errors[f"{part}_closes"] = _("从几点和到几点要一起填；不开就都空着。")
                continue
            if not opens:
                continue
            if closes <= opens:
                errors[f"{part}_closes"] = _("关门时间要晚于开门时间。")
            elif before and opens < before:
                errors[f"{part}_opens"] = _("要晚于前面一段的关门时间。")
            before = closes
        if not errors and not self.periods:
            errors["morning_opens"] = _("至少填一段：从几点到几点。")
        if not errors:
            errors = self._refused_by_rules()
        if errors:
            raise ValidationError(errors)

    def _refused_by_rules(self) -> dict:
        given = [part for part in PARTS if getattr(self, f"{part}_opens")]
        first_day = list(self.rules_of(None))[: len(given)]
        errors = {}
        for part, rule in zip(given, first_day, strict=False):
            try:
                rule.clean()
            except ValidationError as refusal:
                for name, said in refusal.error_dict.items():
                    errors[f"{part}_{name}" if name in ("opens", "closes") else name] = said
        return errors
