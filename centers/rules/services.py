"""Changing a rule, and taking the last change back. Both append a row, so that every day keeps the value it had."""

from datetime import date
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from centers.models import Division, RuleChange
from centers.rules import reading
from centers.rules.declared import Rule
from portal.accounts.models import User
from portal.ui import words
from portal.ui.errors import Changed, RuleBroken
from portal.ui.idempotency import KeyReused, make_once


def last_of(rule: Rule, division: Division | None) -> RuleChange | None:
    changes = RuleChange.objects.filter(name=rule.name, division=division)
    return changes.select_related("set_by").order_by("-number").first()


def change(
    *, rule: Rule, division: Division | None, value: Any, valid_from: date, reason: str, seen: int, key: str, by: User
) -> RuleChange:
    """`value` None: as in the division above. `seen` is the number of the last change that was on the page, or 0.

    Idempotent by `key`. Raises Changed, KeyReused, RuleBroken `past`, `same`.
    """
    row = RuleChange(
        division=division, name=rule.name, value=value, valid_from=valid_from, reason=reason, key=key, set_by=by
    )
    return _append(row, seen)


def undo(*, change: RuleChange, seen: int, key: str, by: User) -> RuleChange:
    """Give back what was in force before the last change, from its first day or, if that is over, from today on.

    Raises Changed, KeyReused, RuleBroken `undone`.
    """
    if change.undoes_id:
        raise RuleBroken(_("这一次本来就是撤回。要再改，请重新改一次。"), code="undone")
    row = RuleChange(
        division=change.division,
        name=change.name,
        value=value_before(change),
        valid_from=max(change.valid_from, timezone.localdate()),
        reason=_("撤回上一次"),
        undoes=change,
        key=key,
        set_by=by,
    )
    return _append(row, seen)


def value_before(change: RuleChange) -> Any:
    """What this division would have on the change's first day without it; None if it would follow the one above."""
    earlier = RuleChange.objects.filter(name=change.name, division=change.division, number__lt=change.number)
    before = earlier.filter(valid_from__lte=change.valid_from).order_by("-valid_from", "-number").first()
    return before.value if before else None


def _append(row: RuleChange, seen: int) -> RuleChange:
    made = make_once(partial(_insert, row, seen), lambda: RuleChange.objects.filter(key=row.key).first())
    reading.forget()  # after the commit: nobody remembers what is rolled back
    if (made.name, made.division_id, made.value, made.valid_from, made.set_by_id) != (
        (row.name, row.division_id, row.value, row.valid_from, row.set_by_id)
    ):
        raise KeyReused
    return made


def _insert(row: RuleChange, seen: int) -> RuleChange:
    last = RuleChange.objects.filter(name=row.name, division=row.division).order_by("-number").first()
    if last and last.number != seen:
        raise _changed(last)
    if row.valid_from < timezone.localdate():
        raise RuleBroken(
            _("过去的日子不能改，那时的数字就是按那时的规则算的。请选今天或以后。"), code="past", field="valid_from"
        )
    if row.undoes is None and _is_same(row):
        raise RuleBroken(_("从那天起本来就是这样，没有要改的。"), code="same", field="value")
    row.number = seen + 1
    row.full_clean(exclude=["division", "set_by", "undoes", "value"], validate_unique=False, validate_constraints=False)
    row.save(force_insert=True)
    return row


def _is_same(row: RuleChange) -> bool:
    earlier = RuleChange.objects.filter(name=row.name, division=row.division, valid_from__lte=row.valid_from)
    now = earlier.order_by("-valid_from", "-number").first()
    return (now.value if now else None) == row.value


def _changed(last: RuleChange) -> Changed:
    return Changed(
        _("%(who)s在%(when)s刚改过这条规则，您的还没有存。请看看现在的情况再决定。"),
        who=str(last.set_by),
        when=words.moment(last.set_at),
    )
