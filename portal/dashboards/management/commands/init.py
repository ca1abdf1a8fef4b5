"""`manage.py init`: from an empty database to a county that can open its centers. Safe to run again."""

import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import gettext as _

from centers.importing.divisions import RowErrors
from centers.importing.successors import Unconfirmed
from centers.models import Division
from portal import static_files
from portal.accounts.models import User
from portal.dashboards.opening import setup
from portal.health import unapplied_migrations
from portal.ui.errors import RuleBroken

ERRORS_SHOWN = 20


class Command(BaseCommand):
    help = "Divisions, first administrator, calendar, default hours, starter catalog. Each step says what it did."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--divisions", type=Path, metavar="CSV", help="the list of divisions, as import_divisions")
        parser.add_argument("--under", metavar="CODE", help="the list has all that is under this code")
        parser.add_argument("--county", metavar="CODE", help="which county, where the list has several")
        parser.add_argument("--username", help="login name of the first administrator")
        parser.add_argument("--name", help="their own name")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--no-input", action="store_true", help="ask nothing; what is missing is an error")
        parser.add_argument("--no-catalog", action="store_true", help="adopt the starter catalog later, on its page")

    def handle(self, *args, **options) -> None:
        if unapplied_migrations():
            raise CommandError(_("数据库还没有建好。先运行：manage.py migrate"))
        self.options = options
        self._step(_("行政区划"), lambda: setup.divisions(options["divisions"], options["under"]))
        county = self._refusable(lambda: setup.county(options["county"]))
        by = self._administrator(county)
        self._step(_("日历"), setup.fill_calendar)
        self._step(_("开放时间"), lambda: setup.default_hours(county, by))
        if not options["no_catalog"]:
            self._step(_("事项目录"), lambda: setup.starter_catalog(county, by))
        self._static()
        self.stdout.write("\n" + _("接下来，在浏览器里："))
        address = settings.SITE_URL.rstrip("/")
        self.stdout.write(
            _("1. 打开 %(url)s ，用 %(name)s 登录。") % {"url": address + reverse("account_login"), "name": by.username}
        )
        self.stdout.write(_("2. 按页面上说的启用动态口令（手机上的验证器，不用短信）。"))
        self.stdout.write(_("3. 打开 %(url)s ，照着一步一步走。") % {"url": address + reverse("opening")})

    def _administrator(self, county: Division) -> User:
        there = setup.administrator_of(county)
        named = self.options["username"]
        if there and named in (None, there.username):
            self._say(_("管理员"), _("已有%(name)s，没有动。") % {"name": there.username})
            return there
        username = named or self._ask(_("管理员的登录名（英文字母和数字）："), "--username")
        name = self.options["name"] or self._ask(_("管理员的姓名："), "--name")
        while True:
            try:
                user = setup.make_administrator(
                    division=county, username=username, name=name, password=self._password(username)
                )
            except RuleBroken as refusal:
                if not self._can_ask() or self.options["password_stdin"] or refusal.code != "administrator":
                    raise CommandError(str(refusal)) from refusal
                self.stderr.write(str(refusal))
            else:
                self._say(
                    _("管理员"),
                    _("%(name)s 是%(county)s的县级管理员，也能进数据维护。")
                    % {"name": user.username, "county": county.name},
                )
                return user

    def _password(self, username: str) -> str:
        if User.objects.filter(username=username).exists():
            return ""  # keeps its own
        if self.options["password_stdin"]:
            return sys.stdin.readline().rstrip("\n")
        if not self._can_ask():
            raise CommandError(_("没有密码。请加 --password-stdin，从标准输入给。"))
        while True:
            first = getpass.getpass(_("密码（至少十位）："))
            if first == getpass.getpass(_("再输一遍：")):
                return first
            self.stderr.write(_("两遍不一样，请再来一次。"))

    def _ask(self, question: str, option: str) -> str:
        if not self._can_ask():
            raise CommandError(_("请加上 %(option)s。") % {"option": option})
        while not (answer := input(question).strip()):
            pass
        return answer

    def _can_ask(self) -> bool:
        return not self.options["no_input"] and sys.stdin.isatty()

    def _static(self) -> None:
        missing = static_files.are_missing()
        said = _("还没有收集，数据维护的页面会没有样式。请运行：%(command)s") if missing else _("已有。")
        self._say(_("静态文件"), said % {"command": static_files.COMMAND} if missing else said)

    def _step(self, title: str, do: Callable[[], str]) -> None:
        self._say(title, self._refusable(do))

    def _refusable(self, do: Callable):
        try:
            return do()
        except FileNotFoundError as missing:
            raise CommandError(_("没有这个文件：%(file)s") % {"file": missing.filename}) from None
        except RowErrors as errors:
            raise CommandError("\n".join(errors.lines()[:ERRORS_SHOWN])) from None
        except Unconfirmed as unseen:
            raise CommandError(f"{unseen}\n" + _("请先用 manage.py import_divisions 确认。")) from None
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from None

    def _say(self, title: str, words: str) -> None:
        self.stdout.write(f"{title}：{words}")
