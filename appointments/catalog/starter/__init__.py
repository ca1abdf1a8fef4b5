"""The starter catalog: 47 items that a county adopts, one by one or all at once, and then edits as its own."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.catalog.models import LimitKind, ServiceItem
from appointments.catalog.search import search_text
from appointments.catalog.services import follow
from centers import codes as division_codes
from centers.models import Division
from portal import locking
from portal.accounts.models import User
from portal.ui.errors import RuleBroken

FILE = Path(__file__).resolve().parent / "items.toml"


@dataclass(frozen=True, slots=True)
class Adopted:
    """Codes in the order of the file: `new` ones, and those that `stood` there already and were left as they are."""

    new: list[str]
    stood: list[str]


@transaction.atomic
def adopt(
    *,
    division: Division,
    codes: Collection[str] | None = None,
    by: User | None = None,
    valid_from: date | None = None,
) -> Adopted:
    """Copy items of the starter catalog to a county, all of them or those of `codes`. Idempotent.

    What the county has under a code, offered, edited or ended, stays as it is. Raises RuleBroken `unknown_code`.
    """
    chosen = [item for item in items(division, by) if codes is None or item.code in codes]
    if codes is not None and len(chosen) < len(set(codes)):
        raise RuleBroken(_("选的事项里有起步目录没有的，什么都没有动。请到列表里重新选。"), code="unknown_code")
    locking.lock(Division, [division.pk], no_key=True)
    known = set(ServiceItem.objects.filter(division=division).values_list("code", flat=True))
    new = [item for item in chosen if item.code not in known]
    for item in new:
        item.valid_from, item.search_text = valid_from or item.valid_from, search_text(item)
    below = ServiceItem.objects.filter(division__code__range=division_codes.span(division.code))
    booked_before = set(below.values_list("code", flat=True))
    ServiceItem.objects.bulk_create(new)
    for item in new:
        if item.code in booked_before:
            follow(item)
    return Adopted([item.code for item in new], [item.code for item in chosen if item.code in known])


def items(division: Division, by: User | None = None) -> list[ServiceItem]:
    """The items of items.toml for a division, unsaved."""
    now = timezone.now()
    made = [_from_file(row) for row in _rows()]
    for item in made:
        item.division, item.changed_by, item.changed_at = division, by, now
    return made


def not_adopted(division: Division) -> list[ServiceItem]:
    """Those items whose code the division does not have, in whatever version."""
    known = set(ServiceItem.objects.filter(division=division).values_list("code", flat=True))
    return [item for item in items(division) if item.code not in known]


@cache
def _rows() -> list[dict]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))["item"]


def _from_file(row: dict) -> ServiceItem:
    statutory, promised = _limit(row["statutory"]), _limit(row["promised"])
    caution = _("示意，各县不同，以本县公布的办事指南为准。")
    return ServiceItem(
        code=row["code"],
        category=row["category"],
        name=row["name"],
        everyday_name=row["everyday_name"],
        summary=row["summary"],
        materials=[*row["materials"]],
        keywords=row["keywords"],
        statutory_kind=statutory[0],
        statutory_limit=statutory[1],
        promised_kind=promised[0],
        promised_limit=promised[1],
        handling_mode=row["mode"],
        can_be_represented=row.get("represented", True),
        representation_note=row["note"],
        fee_note=row.get("fee", ""),
        is_sensitive=row.get("sensitive", True),
        minutes=row["minutes"],
        source_note=caution + row.get("source", ""),
    )


def _limit(value: int | str) -> tuple[LimitKind, int | None]:
    if isinstance(value, int):
        return LimitKind.WORKDAYS, value
    if value.endswith("d") and value[:-1].isdecimal():
        return LimitKind.DAYS, int(value[:-1])
    return LimitKind(value), None
