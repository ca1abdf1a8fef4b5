"""Days follow what is saved: opening rules and whether a center is open to the public, whoever saves them.

Connected to Django's signals (centers.apps), so that no form, import or admin page changes hours and forgets the days.
Rosters, leave, closures and the calendar change in services, which call centers.days.keeping themselves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from django.utils.module_loading import import_string

from centers.days.keeping import keep
from centers.models import Center, CenterDay, OpeningRule

# Primary keys of the centers that wait for the end of `together`; None outside of it.
_waiting: ContextVar[set[int] | None] = ContextVar("days_waiting", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Within it the days are computed once at the end, not after each saved row. Call it in the transaction."""
    if _waiting.get() is not None:
        yield
        return
    token = _waiting.set(set())
    try:
        yield
        centers = _waiting.get()
    finally:
        _waiting.reset(token)
    if centers:
        keep(Center.objects.filter(pk__in=centers))


def connect() -> None:
    for signal in (post_save, post_delete):
        signal.connect(_rule_changed, sender=OpeningRule, dispatch_uid="days follow opening rules")
    post_save.connect(_center_saved, sender=Center, dispatch_uid="days follow centers")


def _rule_changed(instance: OpeningRule, raw: bool = False, **_) -> None:
    if not raw:  # from a fixture
        hours_changed(instance.center_id)


def _center_saved(instance: Center, created: bool, raw: bool, **_) -> None:
    if raw:
        return
    if created:
        # At the commit: whoever makes it mostly adds its hours in the same transaction.
        transaction.on_commit(partial(import_string(settings.HOURS_OF_A_NEW_CENTER), instance.pk))
        return
    today = CenterDay.objects.filter(center=instance, date=timezone.localdate()).values_list("reason", flat=True)
    known = today.first()
    if known is not None and (known == CenterDay.Reason.PAUSED) == instance.is_active:
        hours_changed(instance.pk)


def hours_changed(center: int) -> None:
    """For rows that are written without signals, too."""
    waiting = _waiting.get()
    if waiting is None:
        keep(Center.objects.filter(pk=center))
    else:
        waiting.add(center)
