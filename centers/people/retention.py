"""Data retention: anonymises residents who have not been served for long, and those who asked for it.

settings.RESIDENT_TRACES names each app's part: what it still needs a resident for, what it stores of them, and
functions that erase its own copies of their names and phone numbers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from centers.people.messages import person_of
from centers.people.models import CorrectedResident, Erasure, FamilyLink, JoinedResident, Resident
from centers.people.own_data import Section
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.retention import ANONYMOUS, Rule, forget_history, numbered, overdue


class Ahead(NamedTuple):
    """Something of a resident that is not over. `goes_on`: it is not for them to cancel any more, as an open case."""

    key: str
    said: str
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Traces:
    """What one app stores of residents.

    needed   (moment) → condition for residents that must be kept
    forget   (pks) → erases the app's own copies of their names and numbers, after their retention period
    clashes  (keep, gone) → sentences that say why these two rows cannot become one person
    reached  (pk, phone) → what this person has ahead for which that number is called or written to
    stored   (pks, user) → what is stored of them, and of what this account has done, for themselves to read
    ahead    (pks, moment) → what is not over; holds  (moment) → condition for residents who have such
    end      (pks, keys, by) → cancels what of theirs is ahead and was shown, each row in its own transaction
    erase    (pks) → takes names, numbers and links out of everything stored of them, whatever its period
    """

    needed: Callable[[datetime], Q] = lambda at: Q(pk__in=[])
    forget: Callable[[list[int]], object] = lambda pks: None
    clashes: Callable[[int, int], list[str | Promise]] = lambda keep, gone: []
    reached: Callable[[int, str], list[QuerySet]] = lambda pk, phone: []
    stored: Callable[[list[int], User], list[Section]] = lambda pks, user: []
    ahead: Callable[[list[int], datetime], list[Ahead]] = lambda pks, now: []
    holds: Callable[[datetime], Q] = lambda at: Q(pk__in=[])
    end: Callable[[list[int], set[str], User], object] = lambda pks, shown, by: None
    erase: Callable[[list[int]], object] = lambda pks: None


def rules(at: datetime) -> Iterator[Rule]:
    """Only guests: residents with family links, groups or a villager group belong to the village and are kept.

    And whoever asked to be erased, once nothing of theirs lies ahead.
    """
    known = Q(family_links__isnull=False) | Q(groups__isnull=False) | ~Q(villager_group="")
    past = Resident.objects.exclude(name__startswith=ANONYMOUS).exclude(known)
    past = past.filter(overdue(at, "guests", "created_at", "division__code"))
    for traces in all_traces():
        past = past.filter(~traces.needed(at))
    yield Rule(past, _forget)
    yield Rule(to_erase(at), erase)


def to_erase(at: datetime) -> QuerySet[Resident]:
    """Who asked for it and has nothing ahead any more."""
    wish = Erasure.objects.filter(resident=OuterRef("pk"), erased_at__isnull=True)
    asked = Resident.objects.filter(Exists(wish)).exclude(name__startswith=ANONYMOUS)
    for traces in all_traces():
        asked = asked.filter(~traces.holds(at))
    return asked


def erase(pks: list[int]) -> None:
    """Rows stay without a name: of these people, and of what is stored of them everywhere."""
    pks = [*pks, *Resident.objects.filter(twin_of__in=pks).values_list("pk", flat=True)]
    notifications.withdraw(people=[person_of(Resident(pk=pk)) for pk in pks])
    for traces in all_traces():
        traces.erase(pks)
    _forget(pks)
    forget_history(FamilyLink.objects.filter(resident__in=pks))
    Resident.groups.through.objects.filter(resident__in=pks).delete()
    Resident.objects.filter(pk__in=pks).update(villager_group="")
    Erasure.objects.filter(resident__in=pks, erased_at__isnull=True).update(erased_at=timezone.now())


def all_traces() -> list[Traces]:
    return [import_string(path) for path in settings.RESIDENT_TRACES]


def _forget(pks: list[int]) -> None:
    for traces in all_traces():
        traces.forget(pks)
    Resident.objects.filter(pk__in=pks).update(name=numbered(ANONYMOUS), name_key="", phone="", remark="")
    JoinedResident.objects.filter(kept__in=pks).update(name="", phone="", villager_group="", remark="")
    CorrectedResident.objects.filter(resident__in=pks).update(before={}, after={})
    forget_history(Resident.objects.filter(pk__in=pks))
    notifications.forget(people=[person_of(Resident(pk=pk)) for pk in pks])
