"""Takes back what a part of a sheet has written, as far as nobody has used or changed it since."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from centers.access import within
from centers.days.following import together
from centers.importing.changes import LIST, Change, digest, plain
from centers.importing.rules import managed_codes
from centers.models import Center, FamilyLink, Membership, OpeningRule, SheetPart, SheetUpload
from centers.services import members
from portal import locking
from portal.accounts.models import User
from portal.ui.errors import RuleBroken

# Lookup of the division code: what the user does not manage any more stays.
PATHS = {
    "centers.center": "division__code",
    "centers.openingrule": "center__division__code",
    "centers.room": "center__division__code",
    "centers.staff": "center__division__code",
    "centers.membership": "division__code",
    "centers.resident": "division__code",
    "centers.familylink": "resident__division__code",
}


@dataclass
class _Undo:
    """`changes` are of one model: (row of the sheet, what was done to it)."""

    model: type[models.Model]
    by: User
    changes: list[tuple[list, Change]]
    kept: list[list] = field(default_factory=list)  # as SheetPart.kept

    def run(self) -> None:
        pks = [change.pk for _row, change in self.changes]
        locking.lock(self.model, pks)
        stored = self.model._base_manager.in_bulk(pks)
        mine = within(self.model._base_manager.filter(pk__in=pks), PATHS[self.model._meta.label_lower], self._codes())
        may = set(mine.values_list("pk", flat=True))
        made = [change.pk for _row, change in self.changes if change.before is None]
        used = used_by(self.model, made) | (_seen_by_relatives(made) if self.model is FamilyLink else {})
        free = []
        for row, change in self.changes:
            instance = stored.get(change.pk)
            if change.after is None:
                self._try(row, partial(self._put_back, change))
            elif instance is None:
                continue  # gone already
            elif change.pk not in may:
                self._keep(row, _("现在不归您管"))
            elif change.before is not None:
                self._change_back(row, instance, change)
            elif digest(instance) != change.after:
                self._keep(row, _("后来改过"))
            elif change.pk in used:
                self._keep(row, _("已经有%(what)s") % {"what": used[change.pk]})
            else:
                free.append((row, instance))
        self._take_back(free)

    def _codes(self) -> list[str] | None:
        return managed_codes(self.by)

    def _take_back(self, rows: list[tuple[list, models.Model]]) -> None:
        """New rows that nobody has used: together, or one by one if one of them cannot go."""
        try:
            with transaction.atomic():
                self._delete([instance for _row, instance in rows])
        except (IntegrityError, RuleBroken):
            for row, instance in rows:
                self._try(row, partial(self._delete, [instance]))

    def _delete(self, instances: list[models.Model]) -> None:
        if self.model is Membership:  # the rows stay: they say who could see what, and until when
            for membership in Membership.objects.filter(pk__in=[one.pk for one in instances]).select_related(
                "division"
            ):
                members.revoke(membership=membership, by=self.by)
            return
        pks = [instance.pk for instance in instances]
        delete_derived(self.model, pks)
        self.model._base_manager.filter(pk__in=pks).delete()

    def _change_back(self, row: list, instance: models.Model, change: Change) -> None:
        assert change.before is not None and isinstance(change.after, dict)
        if any(_value(instance, name) != value for name, value in change.after.items()):
            self._keep(row, _("后来又改过"))
            return
        self._try(row, partial(_restore, instance, change.before))

    def _put_back(self, change: Change) -> None:
        columns = {name: _python(self.model, name, value) for name, value in (change.before or {}).items()}
        self.model(**columns).save(force_insert=True)

    def _try(self, row: list, step: Callable[[], object]) -> None:
        try:
            with transaction.atomic():
                step()
        except (IntegrityError, RuleBroken) as error:
            said = str(error) if isinstance(error, RuleBroken) else _("后来有了别的，和它冲突")
            self._keep(row, said)

    def _keep(self, row: list, why: str) -> None:
        self.kept.append([*row, why])


def undo(upload: SheetUpload, part: SheetPart) -> None:
    changes = [(row[:3], Change(*row[3:])) for row in reversed(part.changes)]
    with transaction.atomic():
        if not SheetPart.objects.filter(pk=part.pk, undone_at=None).update(undone_at=timezone.now()):
            return
        blocked = _blocked(upload, changes) if upload.kind == SheetUpload.Kind.CENTERS else {}
        free = [(row, change) for row, change in changes if tuple(row) not in blocked]
        part.kept = [[*row, why] for row, why in blocked.items()] + _run(upload, free)
        part.left, part.undone_at = len({tuple(row[:3]) for row in part.kept}), timezone.now()
        part.save(update_fields=["kept", "left", "undone_at"])


def _run(upload: SheetUpload, changes: list[tuple[list, Change]]) -> list[list]:
    """Take these back, the last first; returns what was kept."""
    kept: list[list] = []
    with together():
        for label, group in groupby(changes, key=lambda one: one[1].model):
            step = _Undo(apps.get_model(label), upload.by, list(group))
            step.run()
            kept += step.kept
    return kept


def _blocked(upload: SheetUpload, changes: list[tuple[list, Change]]) -> dict[tuple, str]:
    """Rows of centers that stay as a whole: new ones that are used, and those where somebody would lose a booking."""
    rows = {change.pk: tuple(row) for row, change in changes if change.model == "centers.center"}
    made = [change.pk for _row, change in changes if change.model == "centers.center" and change.before is None]
    used = used_by(Center, made, besides=OpeningRule)
    blocked = {rows[pk]: _("已经有%(what)s") % {"what": what} for pk, what in used.items()}
    free = [(row, change) for row, change in changes if tuple(row) not in blocked]
    stored = dict(
        OpeningRule.objects.filter(pk__in=[change.pk for _row, change in free]).values_list("pk", "center_id")
    )
    for row, change in free:
        if change.model == "centers.openingrule":
            rows[(change.before or {}).get("center_id") or stored.get(change.pk, 0)] = tuple(row)
    touched = import_string(settings.BOOKINGS_TOUCHED)(lambda: _run(upload, free))
    said = _("有%(number)d个约好的时间在里面")
    return blocked | {rows[pk]: said % {"number": number} for pk, number in touched.items() if pk in rows}


def _seen_by_relatives(pks: list[int]) -> dict[int, str]:
    """Links whose account has signed in since: what they saw is to be known, and the link is ended and not deleted."""
    links = FamilyLink.objects.filter(pk__in=pks, user__last_login__gt=F("agreed_at"))
    return dict.fromkeys(links.values_list("pk", flat=True), _("家人登录过"))


def used_by(
    model: type[models.Model], pks: Collection[int], besides: type[models.Model] | None = None
) -> dict[int, str]:
    """What points at these rows, by key: its name in Chinese. What the portal derives by itself does not count.

    See settings.DERIVED_ROWS.
    """
    used: dict[int, str] = {}
    if not pks:
        return used
    for relation in _relations(model):
        other, name = relation.related_model, relation.field.name
        here = other._base_manager.filter(**{f"{name}__in": pks})
        if other is besides:
            continue
        if _is_derived(other):
            owner = dict(here.values_list("pk", f"{name}_id"))
            used |= {owner[pk]: what for pk, what in used_by(other, list(owner)).items()}
        else:
            owners = here.order_by().values_list(f"{name}_id", flat=True).distinct()
            used |= dict.fromkeys(owners, str(other._meta.verbose_name))
    return used


def delete_derived(model: type[models.Model], pks: Collection[int]) -> None:
    for relation in _relations(model):
        if _is_derived(relation.related_model):
            rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": pks})
            delete_derived(relation.related_model, list(rows.values_list("pk", flat=True)))
            rows.delete()


def _relations(model: type[models.Model]) -> Iterator[Any]:
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.one_to_many or (relation.one_to_one and relation.auto_created):
            is_of_a_list = relation.related_model._meta.auto_created
            if not is_of_a_list:
                yield relation


def _is_derived(model: type[models.Model]) -> bool:
    return model._meta.label in settings.DERIVED_ROWS


def _value(instance: models.Model, name: str) -> Any:
    if name.startswith(LIST):
        return sorted(getattr(instance, name.removeprefix(LIST)).values_list("pk", flat=True))
    return plain(getattr(instance, name))


def _restore(instance: models.Model, before: dict[str, Any]) -> None:
    columns = [name for name in before if not name.startswith(LIST)]
    for name in columns:
        setattr(instance, name, _python(type(instance), name, before[name]))
    if columns:
        instance.save(update_fields=columns)
    for name in before.keys() - set(columns):
        getattr(instance, name.removeprefix(LIST)).set(before[name])


def _python(model: type[models.Model], name: str, value: Any) -> Any:
    return model._meta.get_field(name).to_python(value)
