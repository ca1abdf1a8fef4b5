"""`manage.py load_demo`: an invented county to look at, or a load test's world on imported divisions."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from centers import codes
from centers.models import Center
from portal.accounts.models import User
from portal.dashboards.demo import world
from portal.dashboards.demo.plan import Plan
from portal.ui.errors import RuleBroken


class Command(BaseCommand):
    help = "Build a believable world of any size: same seed, same world. Only with DEMO=1 or DEBUG=1."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--villages", type=int, help="how many villages (24; with --under: all of them)")
        parser.add_argument("--days", type=int, default=60, help="days of bookings behind today (60)")
        parser.add_argument("--seed", type=int, default=1, help="another seed, another world (1)")
        parser.add_argument("--under", metavar="CODE", help="build on imported divisions under this 12-digit code")
        parser.add_argument("--if-empty", action="store_true", help="do nothing, and succeed, when there is a world")

    def handle(self, *args, **options) -> None:
        self._refuse_real_sites()
        if User.objects.filter(username__in=settings.DEMO_LOGINS).exists() or Center.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("There are centers already. To start over: make demo-reset")
        plan = self._plan(options)
        total = plan.villages if plan.villages or plan.under else 24
        # No progress bar without a terminal: it would fill the log.
        with tqdm(total=total, unit=" centers", disable=None if options["verbosity"] else True) as bar:
            try:
                made = world.build(plan, bar.update)
            except RuleBroken as error:
                raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(
                f"{made} centers. Logins: {', '.join(settings.DEMO_LOGINS)}; password {settings.DEMO_PASSWORD}"
            )

    def _refuse_real_sites(self) -> None:
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("load_demo writes invented people and open logins: only with DEMO=1 or DEBUG=1.")

    def _plan(self, options) -> Plan:
        under, villages = options["under"], options["villages"]
        if under and not codes.is_code(under):
            raise CommandError("--under takes a 12-digit division code.")
        if (villages is not None and villages < 1) or options["days"] < 0:
            raise CommandError("--villages is at least 1 and --days at least 0.")
        return Plan(villages, options["days"], options["seed"], under, timezone.now())
