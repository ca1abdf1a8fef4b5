"""`manage.py import_divisions list.csv`: import the divisions of a place or of the whole country."""

import sys
import time
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from tqdm import tqdm

from centers.importing import successors
from centers.importing.divisions import Outcome, RowErrors, import_divisions, propose_successors
from centers.importing.successors import Successor, Unconfirmed
from portal.ui import dates
from portal.ui.errors import RuleBroken

ERRORS_SHOWN = 20
HOW = gettext_noop("都对就加 --confirm；要改，先加 --propose 文件名 存成表格，改好以后加 --successors 文件名。")


def day(text: str) -> date:
    named = dates.read(text)
    if named is None:
        far = dates.is_far(text)
        raise ArgumentTypeError(_("日期太远了。请看看年份对不对。") if far else _("请写成 2026-11-22 这样的日期。"))
    return named


class Command(BaseCommand):
    help = "Bring the divisions in line with a csv file of code,name (utf-8 or gb18030). Safe to run twice."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--under", metavar="CODE", help="the file lists what is under this code, in full")
        parser.add_argument("--on", type=day, metavar="DATE", help="in force from this day; today by default")
        parser.add_argument("--allow-closing", action="store_true", help="even if the file lacks many divisions")
        parser.add_argument("--propose", type=Path, metavar="CSV", help="write who comes after whom, import nothing")
        parser.add_argument("--successors", type=Path, metavar="CSV", help="who comes after whom, as corrected")
        parser.add_argument("--confirm", action="store_true", help="take the successors as they are proposed")

    def handle(self, *args, file: Path, propose: Path | None, **options) -> None:
        try:
            with file.open("rb") as stream, self.bar(file) as bar:
                if propose:
                    self.propose(stream, propose, options["under"], bar)
                else:
                    self.bring_in(stream, bar, **options)
        except FileNotFoundError as missing:
            raise CommandError(_("没有这个文件：%(file)s") % {"file": missing.filename}) from None
        except Unconfirmed as unseen:
            raise CommandError("\n".join([*proposed(unseen.proposals), str(unseen), _(HOW)])) from None
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from None
        except RowErrors as errors:
            raise CommandError(report(errors)) from None

    def propose(self, stream: BinaryIO, to: Path, under: str | None, bar: tqdm) -> None:
        found = propose_successors(file=stream, under=under, progress=bar.update)
        to.write_bytes(successors.write(found))
        self.stdout.write("\n".join(proposed([row for row in found if row.is_keyed])))
        self.stdout.write(_("%(count)d 行写在 %(file)s 里，什么都没有导入。") % {"count": len(found), "file": to})

    def bring_in(self, stream: BinaryIO, bar: tqdm, *, under: str | None, on: date | None, **options) -> None:
        started = time.monotonic()
        given = None
        if options["successors"]:
            with options["successors"].open("rb") as corrected:
                given = successors.read(corrected)
        outcome = import_divisions(
            file=stream,
            under=under,
            on=on,
            allow_closing=options["allow_closing"],
            successors=given,
            is_confirmed=options["confirm"],
            progress=bar.update,
        )
        self.stdout.write(summary(outcome, time.monotonic() - started))

    def bar(self, file: Path) -> tqdm:
        quiet = not sys.stderr.isatty()
        return tqdm(total=file.stat().st_size, unit="B", unit_scale=True, disable=quiet, leave=False, desc=file.name)


def proposed(rows: list[Successor]) -> list[str]:
    """A line for each division to which something points: `990101100201 柳湾村 → 990101100231 柳湾社区（中心）`."""
    return [
        f"{row.old} {row.old_name} → {f'{row.new} {row.new_name}' if row.new else '？'}（{row.held}）" for row in rows
    ]


def report(errors: RowErrors) -> str:
    lines = errors.lines()[:ERRORS_SHOWN]
    if errors.count > len(lines):
        lines.append(_("……还有 %(count)d 处") % {"count": errors.count - len(lines)})
    return "\n".join([_("有 %(count)d 处错误，什么都没有导入：") % {"count": errors.count}, *lines])


def summary(outcome: Outcome, seconds: float) -> str:
    return "\n".join([outcome.words, _("用时 %(seconds).1f 秒。") % {"seconds": seconds}])
