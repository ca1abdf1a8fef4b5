"""Changing the catalog. Versions are immutable: a change ends the current version and creates the next."""

import tomllib
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from appointments.catalog.models import LimitKind, ServiceItem
from appointments.catalog.search import search_text
from centers import codes
from centers.models import Division
from portal import locking
from portal.accounts.models import User
from portal.ui.errors import Changed

STARTER = Path(__file__).resolve().parent / "data" / "items.toml"
KEPT = {"id", "division", "code", "version", "valid_from", "valid_to", "changed_by"}


@transaction.atomic
def create(*, division: Division, by: User | None, **fields) -> ServiceItem:
    """Offer an item of a division, or offer it again after its end. Raises Changed for a code in use, ValidationError.

    Of two who create it at once, the second finds what the first has made.
    """
    locking.lock(Division, [division.pk], no_key=True)
    code = fields.get("code", "")
    if ServiceItem.objects.current().filter(division=division, code=code).exists():
        sentence = _("这里已经有编码“%(code)s”的事项了，也许是别人刚刚建的。请到列表里看看，要改就改那一个。")
        raise Changed(sentence % {"code": code})
    version = _versions(division, code) + 1
    return _offer(ServiceItem(division=division, changed_by=by, version=version, **fields))


@transaction.atomic
def revise(*, item: ServiceItem, by: User, **changes) -> ServiceItem:
    """Create the next version, valid from today, with `changes`; bookings keep the version they were made with.

    Raises Changed on a concurrent edit (optimistic locking), ValidationError.
    """
    if refused := KEPT & changes.keys():
        raise TypeError(f"a revision cannot change {sorted(refused)}")
    # Conditional UPDATE: of two concurrent editors, the second updates no row.
    today = timezone.localdate()
    if not ServiceItem.objects.current().filter(pk=item.pk).update(valid_to=today):
        raise Changed
    return _store(_next(item, by, **changes))


@transaction.atomic
def end(*, item: ServiceItem, by: User | None) -> ServiceItem:
    """No longer offer an item (停办): its last version ends today, without a next one. Idempotent.

    Raises Changed when it has a later version that is offered: what was looked at is not what would end.
    Each function of settings.ITEM_FOLLOWERS gets the item, in the same transaction; the same when it is offered again.
    """
    ended = ServiceItem.objects.current().filter(pk=item.pk).update(valid_to=timezone.localdate(), changed_by=by)
    item.refresh_from_db()
    if ended:
        _follow(item)
    elif ServiceItem.objects.current().filter(division=item.division_id, code=item.code).exists():
        raise Changed(_("“%(item)s”刚刚被别人改过了，还没有停办。请看看改了什么，再决定要不要停办。"), item=item)
    return item


@transaction.atomic
def resume(*, item: ServiceItem, by: User) -> ServiceItem:
    """Offer an ended item again (恢复办理), as its last version said. Idempotent: returns the current version."""
    versions = ServiceItem.objects.filter(division=item.division_id, code=item.code)
    locking.lock(ServiceItem, versions.values_list("pk", flat=True))
    last = versions.latest("version")  # read once they are locked: a second tap finds what the first has made
    return last if last.valid_to is None else _offer(_next(last, by))


def follow_division(old: Division, new: Division) -> None:
    """For settings.DIVISION_FOLLOWERS: its items go along; of one that both have, the old one ends."""
    known = ServiceItem.objects.filter(division=new).values_list("code", flat=True)
    twice = ServiceItem.objects.filter(division=old, code__in=list(known))
    ServiceItem.objects.filter(division=old).exclude(code__in=list(known)).update(division=new)
    for item in twice.current().select_related("division"):
        end(item=item, by=None)


@transaction.atomic
def adopt(*, division: Division, by: User | None = None, valid_from: date | None = None) -> int:
    """Copy the starter catalog to a county; codes that it already has are kept. Returns how many items are new."""
    locking.lock(Division, [division.pk], no_key=True)
    known = set(ServiceItem.objects.filter(division=division).values_list("code", flat=True))
    new = [item for item in starter(division, by) if item.code not in known]
    for item in new:
        item.valid_from = valid_from or item.valid_from
    below = ServiceItem.objects.filter(division__code__range=codes.span(division.code))
    booked_before = set(below.values_list("code", flat=True))
    ServiceItem.objects.bulk_create(new)
    for item in new:
        if item.code in booked_before:
            _follow(item)
    return len(new)


def starter(division: Division, by: User | None = None) -> list[ServiceItem]:
    """The items of data/items.toml, unsaved."""
    items = [_from_file(row) for row in tomllib.loads(STARTER.read_text(encoding="utf-8"))["item"]]
    for item in items:
        item.division, item.changed_by = division, by
        item.search_text = search_text(item)
    return items


def _from_file(row: dict) -> ServiceItem:
    statutory, promised = _limit(row["statutory"]), _limit(row["promised"])
    caution = _("示意，各县不同，以本县公布的办事指南为准。")
    return ServiceItem(
        code=row["code"],
        category=row["category"],
        name=row["name"],
        everyday_name=row["everyday_name"],
        summary=row["summary"],
        materials=row["materials"],
        keywords=row["keywords"],
        statutory_kind=statutory[0],
        statutory_limit=statutory[1],
        promised_kind=promised[0],
        promised_limit=promised[1],
        handling_mode=row["mode"],
        can_be_represented=row.get("represented", True),
        representation_note=row["note"],
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


def _versions(division: Division, code: str) -> int:
    return ServiceItem.objects.filter(division=division, code=code).count()


def _next(item: ServiceItem, by: User | None, **changes) -> ServiceItem:
    """The version after this one, valid from today, unsaved."""
    following = ServiceItem(
        division_id=item.division_id,
        code=item.code,
        version=item.version + 1,
        changed_by=by,
        valid_from=timezone.localdate(),
    )
    values = {field: value for field, value in model_to_dict(item).items() if field not in KEPT}
    for field, value in {**values, **changes}.items():
        setattr(following, field, value)
    return following


def _offer(item: ServiceItem) -> ServiceItem:
    _follow(_store(item))
    return item


def _follow(item: ServiceItem) -> None:
    for path in settings.ITEM_FOLLOWERS:
        import_string(path)(item)


def _store(item: ServiceItem) -> ServiceItem:
    item.search_text = search_text(item)
    item.full_clean()
    item.save(force_insert=True)
    return item
