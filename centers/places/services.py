"""What a center says of itself, its rooms, and market days; each change is logged, and the last can be undone."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from centers.access import has_permission
from centers.models import Center, Division, MarketRule, Room
from centers.places.forms import SAID
from centers.services import calendar
from portal import locking
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.ui.errors import Changed, NotAllowed, explain

SHOWN = 5
_FIELDS = {field.name: field for field in Center._meta.fields if field.name in SAID}


@dataclass(frozen=True, slots=True)
class Change:
    """A stored change of what a center says: `fields` are (label, before, after)."""

    entry: LogEntry
    fields: Sequence[tuple[str | Promise, str, str]]


def stored(center: Center) -> str:
    """Differs as soon as the center says something else."""
    said = Center.objects.filter(pk=center.pk).values_list(*SAID).first() or ()
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()[:16]


@transaction.atomic
def save(*, center: Center, values: Mapping[str, object], seen: str, by: User) -> Center:
    """Store what a center says. Raises NotAllowed, Changed if somebody else was faster, and what validation says."""
    return _store(center, values, seen, by)


def changes(center: Center) -> list[Change]:
    """The latest changes of what a center says, the last one first; that one can be undone."""
    entries = LogEntry.objects.get_for_object(center).filter(action=LogEntry.Action.UPDATE).select_related("actor")
    found = []
    for entry in entries.order_by("-timestamp", "-pk")[: 4 * SHOWN]:
        changed = [(name, *entry.changes_dict[name]) for name in SAID if name in entry.changes_dict]
        if changed:
            labels = [(_FIELDS[name].verbose_name, before, after) for name, before, after in changed]
            found.append(Change(entry, labels))
    return found[:SHOWN]


@transaction.atomic
def undo(*, center: Center, entry: int, by: User) -> Center:
    """Put back what the last change has changed. Raises NotAllowed, Changed if it is not the last any more."""
    center = locking.locked(Center.objects.select_related("division"), center.pk, no_key=True)
    last = next(iter(changes(center)), None)
    if last is None or last.entry.pk != entry:
        raise Changed(_("后来又改过了，这一次不能直接撤回。请看看现在写的，再改。"))
    before = {name: last.entry.changes_dict[name][0] for name in SAID if name in last.entry.changes_dict}
    values = {name: _FIELDS[name].to_python(value) for name, value in before.items()}
    return _store(center, values, stored(center), by)


@transaction.atomic
def save_room(*, room: Room, functions, by: User) -> Room:
    """Raises NotAllowed, and what validation says."""
    _check(room.center, by)
    _valid(room)
    room.save()
    room.functions.set(functions)
    return room


@transaction.atomic
def remove_room(*, room: Room, by: User) -> None:
    """Idempotent. Raises NotAllowed."""
    _check(room.center, by)
    for stored_room in Room.objects.filter(pk=room.pk):
        stored_room.delete()


def may_set_markets(user: User, division: Division) -> bool:
    """The village's manager, and whoever decides for the township."""
    rights = (Permission.MANAGE_CENTER, Permission.APPROVE_CLOSURE)
    return any(has_permission(user, right, at=division) for right in rights)


@transaction.atomic
def add_market(*, division: Division, kind: str, digits: str, by: User) -> MarketRule:
    """Add a market rule; its days follow. Idempotent. Raises NotAllowed."""
    if not may_set_markets(by, division):
        raise NotAllowed(_("赶集日由这个村的中心负责人或乡镇来定。"))
    locking.locked(Division.objects.all(), division.pk, no_key=True)
    same = MarketRule.objects.filter(division=division, calendar=kind, digits=digits)
    rule = same.first() or MarketRule(division=division, calendar=kind, digits=digits)
    if rule.pk is None:
        _valid(rule)
        rule.save()
        calendar.precompute_market_days([rule])
    return rule


@transaction.atomic
def remove_market(*, rule: MarketRule, by: User) -> None:
    """Its days go with it. Idempotent. Raises NotAllowed."""
    if not may_set_markets(by, rule.division):
        raise NotAllowed(_("赶集日由这个村的中心负责人或乡镇来定。"))
    for stored_rule in MarketRule.objects.filter(pk=rule.pk):
        stored_rule.delete()


def _store(center: Center, values: Mapping[str, object], seen: str, by: User) -> Center:
    _check(center, by)
    center = locking.locked(Center.objects.select_related("division"), center.pk, no_key=True)
    if seen != stored(center):
        raise Changed(_("刚刚有人改过这里。您填的还在，请看看现在写的，再保存。"))
    changed = [name for name, value in values.items() if value != getattr(center, name)]
    for name in changed:
        setattr(center, name, values[name])
    if "board" in changed:
        center.board_at, center.board_by = (timezone.now(), by) if center.board else (None, None)
        changed += ["board_at", "board_by"]
    if changed:
        _valid(center)
        center.save(update_fields=changed)
    return center


def _valid(row: Center | Room | MarketRule) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise explain(error) from error


def _check(center: Center, by: User) -> None:
    if not has_permission(by, Permission.MANAGE_CENTER, at=center):
        raise NotAllowed(_("只有这个中心的负责人能改这里。"))
