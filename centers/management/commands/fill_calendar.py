"""`manage.py fill_calendar`: holidays, make-up workdays and market days ahead of time."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from centers.models import CalendarDay
from centers.services import calendar


class Command(BaseCommand):
    help = "Fill the national calendar and the market days. Safe to run twice; days edited by hand stay."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--years", type=int, default=calendar.YEARS_AHEAD, help="how many years ahead")

    def handle(self, *args, years: int, **options) -> None:
        days, markets = calendar.fill_ahead(years), calendar.precompute_market_days()
        pending = CalendarDay.objects.filter(is_pending=True).order_by("date").first()
        self.stdout.write(_("日历写入 %(days)d 天，赶集日新增 %(markets)d 天。") % {"days": days, "markets": markets})
        if pending:
            self.stdout.write(
                _("%(year)d 年起的放假安排待公布，先按周一到周五上班算；公布后录入或升级 chinesecalendar 再运行一次。")
                % {"year": pending.date.year}
            )
