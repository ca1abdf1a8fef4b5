"""Data retention: anonymises residents who have not been served for long.

settings.RESIDENT_TRACES names each app's part: a condition for residents that it still needs, and a function that
erases its own copies of their names and phone numbers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from centers.people.messages import person_of
from centers.people.models import CorrectedResident, JoinedResident, Resident
from portal.notifications import services as notifications
from portal.retention import ANONYMOUS, Rule, forget_history, numbered, overdue


@dataclass(frozen=True, slots=True)
class Traces:
    """`needed(at)`: condition for residents that must be kept. `forget(pks)`: erases the app's own copies.
    `clashes(keep, gone)`: sentences that say why these two rows cannot become one person.
    `reached(pk, phone)`: what this person has ahead for which that number is called or written to.
    """

    needed: Callable[[datetime], Q]
    forget: Callable[[list[int]], object] = lambda pks: None
    clashes: Callable[[int, int], list[str | Promise]] = lambda keep, gone: []
    reached: Callable[[int, str], list[QuerySet]] = lambda pk, phone: []


def rules(at: datetime) -> Iterator[Rule]:
    """Only guests: residents with family links, groups or a villager group belong to the village and are kept."""
    known = Q(family_links__isnull=False) | Q(groups__isnull=False) | ~Q(villager_group="")
    past = Resident.objects.exclude(name__startswith=ANONYMOUS).exclude(known)
    past = past.filter(overdue(at, "guests", "created_at", "division__code"))
    for traces in _traces():
        past = past.filter(~traces.needed(at))
    yield Rule(past, _forget)


def _forget(pks: list[int]) -> None:
    for traces in _traces():
        traces.forget(pks)
    Resident.objects.filter(pk__in=pks).update(name=numbered(ANONYMOUS), name_key="", phone="", remark="")
    JoinedResident.objects.filter(kept__in=pks).update(name="", phone="", villager_group="", remark="")
    CorrectedResident.objects.filter(resident__in=pks).update(before={}, after={})
    forget_history(Resident.objects.filter(pk__in=pks))
    notifications.forget(people=[person_of(Resident(pk=pk)) for pk in pks])


def _traces() -> list[Traces]:
    return [import_string(path) for path in settings.RESIDENT_TRACES]
