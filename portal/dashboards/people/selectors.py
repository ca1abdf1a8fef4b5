"""One person at the desk: what they have ahead and behind them, bounded by where the reader works."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from appointments.booking.models import Appointment
from appointments.cases import words as case_words
from appointments.cases.models import Case
from appointments.waiting.models import WaitingEntry
from centers import access
from centers.models import CorrectedResident, FamilyLink, Resident
from centers.people import correcting, joining
from centers.people.family import SELF, helpers_of
from centers.people.messages import person_of
from centers.workdays import Workdays
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.notifications.models import Channel, Message

LATEST = 10


@dataclass(frozen=True, slots=True)
class Person:
    """What the page of one person shows beside the visits that are over."""

    upcoming: list[Appointment]
    waiting: list[WaitingEntry]
    cases: list[case_words.Standing]
    cases_over: list[case_words.Standing]
    messages: list[Message]
    own: list[FamilyLink]
    helpers: list[FamilyLink]
    helps: list[FamilyLink]
    ended: list[FamilyLink]
    twins: list[tuple[Resident, list]]
    correction: CorrectedResident | None


def person(resident: Resident, user: User, now: datetime) -> Person:
    rows = _within(Appointment.objects.for_pages().filter(resident=resident), user)
    waits = _within(WaitingEntry.objects.open().for_pages().filter(resident=resident), user)
    cases = _within(Case.objects.for_pages().filter(resident=resident), user)
    open_ones = cases.needing_somebody().order_by("opened_at", "pk")
    over = cases.exclude(pk__in=open_ones.order_by().values("pk")).order_by("-opened_at", "-pk")[:LATEST]
    links = resident.family_links.select_related("user")
    own = list(links.filter(relation=SELF, ended_at__isnull=True).order_by("pk"))
    twins = Resident.objects.filter(twin_of=resident)
    if resident.twin_of_id:
        twins = Resident.objects.filter(pk=resident.pk)
    return Person(
        upcoming=list(ahead(rows, now)),
        waiting=list(waits.order_by("slot__starts_at", "pk")),
        cases=_standings(open_ones, now),
        cases_over=_standings(over, now),
        messages=list(_said_to(resident)),
        own=own,
        helpers=list(helpers_of([resident.pk])),
        helps=_helps(own),
        ended=list(links.filter(ended_by=user).order_by("-ended_at")[:3]),
        twins=[(twin, joining.clashes(twin.twin_of, twin)) for twin in twins.select_related("twin_of")],
        correction=correcting.last_of(resident),
    )


def visits(resident: Resident, user: User, now: datetime) -> QuerySet[Appointment]:
    """Those that are over, the latest first."""
    rows = _within(Appointment.objects.for_pages().filter(resident=resident), user)
    return rows.exclude(pk__in=ahead(rows, now).order_by().values("pk")).order_by("-starts_at", "-pk")


def ahead(rows: QuerySet[Appointment], now: datetime) -> QuerySet[Appointment]:
    return rows.active().filter(ends_at__gt=now, served_at__isnull=True).order_by("starts_at", "pk")


def _within(rows: QuerySet, user: User) -> QuerySet:
    return access.bounded(rows, "center__division__code", user, Permission.VIEW_DAY)


def _said_to(resident: Resident) -> QuerySet[Message]:
    """What was sent or is to be told by phone; not what stands in an inbox, which is theirs."""
    return Message.objects.for_people([person_of(resident)]).exclude(channel=Channel.INBOX)[:LATEST]


def _helps(own: list[FamilyLink]) -> list[FamilyLink]:
    """For whom the person's own account may book."""
    others = FamilyLink.objects.filter(user__in=[link.user_id for link in own], ended_at__isnull=True)
    return list(others.exclude(relation=SELF).select_related("resident__division").order_by("agreed_at", "pk"))


def _standings(cases: QuerySet[Case], now: datetime) -> list[case_words.Standing]:
    today, is_workday = timezone.localdate(now), Workdays()
    return [case_words.standing(case, today, is_workday) for case in cases]
