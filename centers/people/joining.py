"""Joining two rows that are one person: all that pointed at one points at the other, and what came from where is kept.

Whether two rows may be joined is asked of each app (`Traces.clashes`, settings.RESIDENT_TRACES): who holds two places
in one slot, or has two open cases, is left to the center. Such rows have `twin_of` set and are listed at the desk.
"""

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from centers.models import Resident
from centers.people.messages import person_of
from portal import locking
from portal.accounts.models import User
from portal.ui.errors import RuleBroken

_AS_IT_WAS = {"name", "phone", "villager_group", "remark"}


def clashes(keep: Resident, gone: Resident) -> list[str | Promise]:
    """Why the two cannot be joined yet, in sentences; empty when they can."""
    found = [import_string(path).clashes(keep.pk, gone.pk) for path in settings.RESIDENT_TRACES]
    return [sentence for sentences in found for sentence in sentences]


def settle(*, twin: Resident, by: User) -> Resident:
    """Join a row with the one whose twin it is. Raises RuleBroken `not_twins`, `still_two`."""
    with transaction.atomic():
        pks = sorted(filter(None, (twin.pk, twin.twin_of_id)))
        locking.lock(Resident, pks)
        locked = Resident.objects.in_bulk(pks)
        gone = locked.get(twin.pk)
        keep = locked.get(gone.twin_of_id) if gone else None
        if keep is None:
            raise RuleBroken(_("这两位已经合并好了，或者不用合并。"), code="not_twins")
        if why := clashes(keep, gone):
            raise RuleBroken("".join(map(str, why)), code="still_two")
        join(keep, gone, by=by)
    return keep


def join(keep: models.Model, gone: models.Model, by: models.Model | None = None) -> models.Model:
    """Move all that points at `gone` and delete it; returns the JoinedResident. Works for a migration's models too."""
    apps, now, moved = keep._meta.apps, timezone.now(), {}
    _end_double_links(apps.get_model("centers", "FamilyLink"), keep, gone, now)
    for relation in keep._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        model = relation.related_model
        if model._meta.auto_created:  # the table between residents and groups
            continue
        rows = model._base_manager.filter(**{relation.field.name: gone.pk})
        if pks := list(rows.order_by("pk").values_list("pk", flat=True)):
            rows.update(**{relation.field.name: keep.pk})
            moved[f"{model._meta.label}.{relation.field.name}"] = pks
    moved["groups"] = list(gone.groups.values_list("pk", flat=True))
    keep.groups.add(*moved["groups"])
    said = apps.get_model("notifications", "Message")._base_manager.filter(person=person_of(gone))
    moved["messages"] = list(said.order_by("pk").values_list("pk", flat=True))
    said.update(person=person_of(keep))
    records = apps.get_model("centers", "JoinedResident")  # without a remark in the migration that joins
    record = records._base_manager.create(
        kept=keep,
        former_pk=gone.pk,
        **{column: getattr(gone, column) for column in _AS_IT_WAS & {field.name for field in records._meta.fields}},
        moved={what: pks for what, pks in moved.items() if pks},
        at=now,
        by=by,
    )
    keep.villager_group = keep.villager_group or gone.villager_group
    keep.remark = keep.remark or gone.remark
    keep.created_at = min(keep.created_at, gone.created_at)
    keep.save(update_fields=["villager_group", "remark", "created_at"])
    gone.delete()
    return record


def _end_double_links(links: type[models.Model], keep: models.Model, gone: models.Model, now) -> None:
    """One account keeps one link to one person; the other is ended and stays on record."""
    standing = links._base_manager.filter(ended_at__isnull=True)
    both = standing.filter(resident=keep.pk).values_list("user", flat=True)
    standing.filter(resident=gone.pk, user__in=list(both)).update(ended_at=now)
