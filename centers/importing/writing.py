"""Writes the rows of a sheet that was validated before, outside of any transaction: in few statements, all or none.

SQLite has one writer: whoever validates 5,000 rows inside a transaction keeps every booking waiting. What changed since
the rows were read is found here: a row or its account that somebody else changed by comparing it under its lock, one
that somebody else wrote by the constraint that it violates. Either is told by the row of the sheet.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal import locking
from portal.accounts.audit_log import log_creation, log_creations_together, log_updates
from portal.accounts.models import User

ROWS_AT_ONCE = 500


@dataclass(eq=False)
class Planned:
    """One row of the sheet. `before`: the stored columns when it was validated, None for a new row."""

    row: dict[str, Any]
    instance: models.Model
    before: dict[str, Any] | None
    lists: dict[str, list[models.Model]] = field(default_factory=dict)  # by name of the many-to-many field
    lists_before: dict[str, list[int]] = field(default_factory=dict)


class Overtaken(Exception):
    """What changed meanwhile, by row of the sheet; nothing was written."""

    def __init__(self, faults: list[tuple[Planned, str]]) -> None:
        super().__init__(faults)
        self.faults = faults


def columns_of(instance: models.Model) -> dict[str, Any]:
    return {one.attname: getattr(instance, one.attname) for one in instance._meta.concrete_fields}


def write(planned: list[Planned], *, place: str, places: models.QuerySet, accounts: Iterable[User] = ()) -> None:
    """`places`: where rows may be listed now; `place` names the field. `accounts`: made or named with the rows.

    Raises Overtaken.
    """
    if not planned:
        return
    new = [one for one in planned if one.before is None]
    accounts = list(accounts)
    made_accounts = [user for user in accounts if user._state.adding]
    try:
        with transaction.atomic(), log_creations_together():
            _refuse_what_changed(planned, place, places, accounts)
            _write_accounts(planned, accounts)
            made = _model(planned).objects.bulk_create([one.instance for one in new], batch_size=ROWS_AT_ONCE)
            for instance in made:
                log_creation(instance)
            _update([one for one in planned if one.before is not None])
            _write_lists(planned)
    except IntegrityError as error:
        for row in [*(one.instance for one in new), *made_accounts]:  # a key of a transaction that failed is nobody's
            row.pk, row._state.adding = None, True
        raise Overtaken(_violating(new) or [(new[0] if new else planned[0], _meanwhile())]) from error


def _meanwhile() -> str:
    return _("刚刚有人改过，请重新上传看看。")


def _model(planned: list[Planned]) -> type[models.Model]:
    return type(planned[0].instance)


def _refuse_what_changed(planned: list[Planned], place: str, places: models.QuerySet, accounts: list[User]) -> None:
    known = {one.instance.pk: one for one in planned if one.before is not None}
    stored = _as_they_are(_model(planned), list(known))
    faults = [
        (one, _meanwhile()) for pk, one in known.items() if pk not in stored or columns_of(stored[pk]) != one.before
    ]
    wanted = {getattr(one.instance, f"{place}_id") for one in planned}
    standing = set(places.filter(pk__in=wanted).values_list("pk", flat=True)) if len(wanted) <= ROWS_AT_ONCE else None
    if standing is None:
        standing = set(places.values_list("pk", flat=True)) & wanted
    faults += [
        (one, _("这个村（社区）或中心刚刚停用了。"))
        for one in planned
        if getattr(one.instance, f"{place}_id") not in standing
    ]
    faults += [(one, _meanwhile()) for one in _of_changed_accounts(planned, accounts)]
    if faults:
        raise Overtaken(faults)


def _of_changed_accounts(planned: list[Planned], accounts: list[User]) -> list[Planned]:
    """The rows whose account has another number or name by now; those in `accounts` had no name."""
    users = {id(one): getattr(one.instance, "user", None) for one in planned}
    known = {user.pk for user in users.values() if user is not None and not user._state.adding}
    stored = _as_they_are(User, list(known), no_key=True)
    expected = {pk: (user.phone, user.name) for user in users.values() if user is not None and (pk := user.pk) in known}
    expected |= {user.pk: (user.phone, "") for user in accounts if user.pk in known}
    changed = {
        pk for pk, as_read in expected.items() if pk not in stored or (stored[pk].phone, stored[pk].name) != as_read
    }
    return [one for one in planned if (user := users[id(one)]) is not None and user.pk in changed]


def _as_they_are(model: type[models.Model], pks: list[Any], *, no_key: bool = False) -> dict[Any, models.Model]:
    locking.lock(model, pks, no_key=no_key)
    return model.objects.in_bulk(pks)


def _write_accounts(planned: list[Planned], accounts: list[User]) -> None:
    new = {id(user) for user in accounts if user._state.adding}
    for user in User.objects.bulk_create([user for user in accounts if id(user) in new], batch_size=ROWS_AT_ONCE):
        log_creation(user)
    named = [
        user
        for user in accounts
        if id(user) not in new and User.objects.filter(pk=user.pk, name="").update(name=user.name)
    ]
    log_updates((User(**columns_of(user) | {"name": ""}), user) for user in named)
    for one in planned:
        if (user := getattr(one.instance, "user", None)) is not None:
            one.instance.user = user  # its key is known now


def _update(changed: list[Planned]) -> None:
    if not changed:
        return
    model = _model(changed)
    names = [one.name for one in model._meta.concrete_fields if not one.primary_key]
    pairs = [(model(**(one.before or {})), one.instance) for one in changed]
    # An INSERT that meets its own key is one statement for hundreds of rows; bulk_update writes a CASE for each value.
    model.objects.bulk_create(
        [instance for _before, instance in pairs],
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=[model._meta.pk.name],
        update_fields=names,
    )
    log_updates(pairs)


def _write_lists(planned: list[Planned]) -> None:
    for name in {name for one in planned for name in one.lists}:
        many = _model(planned)._meta.get_field(name)
        through, own, other = many.remote_field.through, many.m2m_field_name(), many.m2m_reverse_field_name()
        told = [one for one in planned if name in one.lists]
        known = [one.instance.pk for one in told if one.before is not None]
        for at in range(0, len(known), ROWS_AT_ONCE):
            through.objects.filter(**{f"{own}__in": known[at : at + ROWS_AT_ONCE]}).delete()
        through.objects.bulk_create(
            (
                through(**{f"{own}_id": one.instance.pk, f"{other}_id": named.pk})
                for one in told
                for named in one.lists[name]
            ),
            batch_size=ROWS_AT_ONCE,
        )


def _violating(new: list[Planned]) -> list[tuple[Planned, str]]:
    """Whose constraints are violated by what is stored now."""
    faults = []
    for one in new:
        user = getattr(one.instance, "user", None)
        try:
            if user is not None and user._state.adding:
                user.validate_unique()
            else:
                one.instance.validate_unique()
                one.instance.validate_constraints()
        except ValidationError as error:
            faults.append((one, " ".join(error.messages)))
    return faults
