"""Putting a person's name, number, group or remark right: what goes along, what it may not become, and one step back.

The number that was wrong also stands in what the person has ahead (bookings, the waiting list, open cases), and in
messages that are not sent yet: each app says which of its rows those are (`Traces.reached`, settings.RESIDENT_TRACES).
"""

import hashlib
from copy import copy
from dataclasses import dataclass
from functools import reduce
from operator import add

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from centers.models import CorrectedResident, Resident
from centers.people import joining
from centers.people.messages import person_of
from portal import locking
from portal.accounts.audit_log import log_updates
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.retention import ANONYMOUS
from portal.ui import names
from portal.ui.errors import Changed, RuleBroken, explain

FIELDS = ("name", "phone", "villager_group", "remark")


@dataclass(frozen=True, slots=True)
class Planned:
    """What a correction would do. `rows`: what the person has ahead under the number that is changed."""

    before: dict[str, str]
    after: dict[str, str]
    rows: list[models.Model]

    @property
    def changed(self) -> list[str]:
        return [field for field in FIELDS if self.before[field] != self.after[field]]

    @property
    def version(self) -> str:
        """Of what the page has shown: what is agreed to is that and nothing else."""
        shown = [*self.before.values(), *self.after.values(), *(f"{row._meta.label} {row.pk}" for row in self.rows)]
        return hashlib.sha256("\n".join(shown).encode()).hexdigest()[:16]


def values_of(resident: Resident) -> dict[str, str]:
    return {field: getattr(resident, field) for field in FIELDS}


def plan(resident: Resident, after: dict[str, str]) -> Planned:
    """Raises RuleBroken `nothing_changed`, and what the values break (`explain`)."""
    before = values_of(resident)
    asked = Resident(pk=resident.pk, division_id=resident.division_id, twin_of_id=resident.twin_of_id, **after)
    try:
        asked.full_clean(exclude=["division", "twin_of"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise explain(error) from error
    after = values_of(asked)
    if before == after:
        raise RuleBroken(_("和原来的一样，没有要改的。"), code="nothing_changed")
    rows = _reached(resident, before["phone"]) if before["phone"] != after["phone"] else []
    return Planned(before, after, rows)


def same_person(resident: Resident, after: dict[str, str]) -> Resident | None:
    """Another row of the village that would then be the same: to be asked about, since nobody is listed twice."""
    alike = Resident.objects.filter(division=resident.division_id, name_key=names.key(after["name"]), twin_of=None)
    alike = alike.filter(phone=after["phone"]).exclude(pk=resident.pk)
    if not after["phone"]:
        alike = alike.filter(villager_group=after["villager_group"], remark=after["remark"])
    return alike.order_by("pk").first()


def correct(*, resident: Resident, after: dict[str, str], version: str, by: User) -> CorrectedResident:
    """Store it, with what goes along. Raises Changed if it is not what `version` has shown, and what `plan` raises."""
    try:
        with transaction.atomic():
            kept = _locked(resident.pk)
            planned = plan(kept, after)
            if planned.version != version:
                raise Changed
            _set(kept, planned.after)
            moved = _renumber(planned.rows, planned.after["phone"])
            _readdress(kept, planned)
            return CorrectedResident.objects.create(
                resident=kept, before=planned.before, after=planned.after, moved=moved, by=by
            )
    except IntegrityError as error:
        raise explain(error) from error


def undo(*, correction: CorrectedResident) -> Resident:
    """Back to what stood there before. Idempotent. Raises Changed if somebody has changed the person since."""
    try:
        with transaction.atomic():
            kept = _locked(correction.resident_id)
            step = locking.locked(CorrectedResident.objects.all(), correction.pk)
            if step.undone_at:
                return kept
            if values_of(kept) != step.after:
                raise Changed
            planned = Planned(step.after, step.before, _still(step))
            _set(kept, step.before)
            _renumber(planned.rows, step.before["phone"])
            _readdress(kept, planned)
            step.undone_at = timezone.now()
            step.save(update_fields=["undone_at"])
            return kept
    except IntegrityError as error:
        raise explain(error) from error


def join_with(*, resident: Resident, other: Resident, by: User) -> Resident:
    """They are one person after all: listed as twins and joined. Raises RuleBroken `still_two` if they cannot be yet.

    Then they stay listed as twins, at the desk's 要认的人.
    """
    with transaction.atomic():
        locking.lock(Resident, [resident.pk, other.pk])
        found = Resident.objects.in_bulk([resident.pk, other.pk])
        twin, keep = found.get(resident.pk), found.get(other.pk)
        if twin is None or keep is None or keep.twin_of_id:
            raise Changed
        twin.twin_of = keep
        twin.save(update_fields=["twin_of"])
    return joining.settle(twin=twin, by=by)


def last_of(resident: Resident) -> CorrectedResident | None:
    """The latest correction, if it can be undone: the person still is as it has left them."""
    last = resident.corrections.filter(undone_at__isnull=True).select_related("by").first()
    return last if last and last.after == values_of(resident) else None


def _locked(pk: int) -> Resident:
    kept = locking.locked(Resident.objects.all(), pk)
    if kept.name.startswith(ANONYMOUS):
        raise RuleBroken(_("这个人的登记刚刚到期清除了。请把姓名和电话再登记一次，接着办。"), code="resident_forgotten")
    return kept


def _set(resident: Resident, values: dict[str, str]) -> None:
    for field, value in values.items():
        setattr(resident, field, value)
    resident.save(update_fields=[*FIELDS, "name_key"])


def _reached(resident: Resident, phone: str) -> list[models.Model]:
    if not phone:
        return []
    found = [import_string(path).reached(resident.pk, phone) for path in settings.RESIDENT_TRACES]
    return [row for rows in reduce(add, found, []) for row in rows]


def _renumber(rows: list[models.Model], phone: str) -> dict[str, list[int]]:
    """Returns the primary keys by model. By conditional UPDATE: what got another number meanwhile keeps it."""
    moved: dict[str, list[int]] = {}
    for row in rows:
        was = copy(row)
        if type(row)._base_manager.filter(pk=row.pk, phone=row.phone).update(phone=phone):
            row.phone = phone
            moved.setdefault(row._meta.label, []).append(row.pk)
            log_updates([(was, row)])
    return moved


def _still(step: CorrectedResident) -> list[models.Model]:
    """The rows that went along and still have the number that they were given."""
    found = []
    for label, pks in step.moved.items():
        rows = apps.get_model(label)._base_manager.filter(pk__in=pks, phone=step.after["phone"])
        found += rows.order_by("pk")
    return found


def _readdress(resident: Resident, planned: Planned) -> None:
    if planned.before["phone"] and "phone" in planned.changed:
        notifications.readdress(person_of(resident), planned.before["phone"], planned.after["phone"])
