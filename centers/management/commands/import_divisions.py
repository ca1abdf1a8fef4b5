"""`manage.py import_divisions list.csv`: import the divisions of a place or of the whole country."""

import sys
import time
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from centers.importing.divisions import Outcome, RowErrors, import_divisions
from portal.ui import dates
from portal.ui.errors import RuleBroken

ERRORS_SHOWN = 20


def day(text: str) -> date:
    named = dates.read(text)
    if named is None:
        raise ArgumentTypeError(_("请写成 2026-11-22 这样的日期。"))
    return named


class Command(BaseCommand):
    help = "Bring the divisions in line with a csv file of code,name (utf-8 or gb18030). Safe to run twice."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--under", metavar="CODE", help="the file lists what is under this code, in full")
        parser.add_argument("--on", type=day, metavar="DATE", help="in force from this day; today by default")
        parser.add_argument("--allow-closing", action="store_true", help="even if the file lacks many divisions")

    def handle(self, *args, file: Path, under: str | None, on: date | None, allow_closing: bool, **options) -> None:
        started = time.monotonic()
        try:
            with file.open("rb") as stream, self.bar(file) as bar:
                outcome = import_divisions(
                    file=stream, under=under, on=on, allow_closing=allow_closing, progress=bar.update
                )
        except FileNotFoundError:
            raise CommandError(_("没有这个文件：%(file)s") % {"file": file}) from None
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from None
        except RowErrors as errors:
            raise CommandError(report(errors)) from None
        self.stdout.write(summary(outcome, time.monotonic() - started))

    def bar(self, file: Path) -> tqdm:
        quiet = not sys.stderr.isatty()
        return tqdm(total=file.stat().st_size, unit="B", unit_scale=True, disable=quiet, leave=False, desc=file.name)


def report(errors: RowErrors) -> str:
    lines = errors.lines()[:ERRORS_SHOWN]
    if errors.count > len(lines):
        lines.append(_("……还有 %(count)d 处") % {"count": errors.count - len(lines)})
    return "\n".join([_("有 %(count)d 处错误，什么都没有导入：") % {"count": errors.count}, *lines])


def summary(outcome: Outcome, seconds: float) -> str:
    lines = [
        _(
            "共 %(rows)d 个区划：新增 %(opened)d，更名 %(renamed)d，停用 %(closed)d，不变 %(unchanged)d。"
            "用时 %(seconds).1f 秒。"
        )
        % {**vars(outcome), "unchanged": outcome.unchanged, "seconds": seconds}
    ]
    if outcome.closed_with_center:
        lines.append(
            _("停用的区划里有 %(count)d 个还有中心，请到后台给它们换区划。") % {"count": outcome.closed_with_center}
        )
    return "\n".join(lines)
