"""Whose bookings, cases and messages a signed-in person sees: their own and their family's."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Case as Choose
from django.db.models import F, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from appointments.booking.models import Appointment
from appointments.booking.models import Channel as Way
from appointments.cases.models import Case
from appointments.waiting.models import WaitingEntry
from centers.duty import messages as duty_messages
from centers.members import messages as member_messages
from centers.models import FamilyLink, Staff
from centers.people.messages import person_of
from portal.accounts.models import User
from portal.notifications.models import Channel, Message
from portal.ui.words import masked_name

# Our default.
RECENT = timedelta(days=30)


def posts_of(user: User) -> list[Staff]:
    """Where the account works; what is said there about swaps and leave stands in the same inbox."""
    return list(Staff.objects.of_user(user))


def appointments_of(user: User, links: list[FamilyLink], now: datetime):
    """Their family's, what they booked while signed in, and what was booked with their proven number.

    A number stands for many (a shop's, a neighbour's), and may have been somebody else's: of what was only booked with
    it, what lies ahead or is recent. Of an account that sleeps, nothing from before.
    """
    own = Q(booked_by=user) & ~Q(channel__in=Way.by_staff())
    if user.phone and user.phone_verified_at:
        own |= Q(phone=user.phone, starts_at__gte=now - RECENT)
    if user.asleep_since:
        own &= Q(booked_at__gte=user.asleep_since)
    return Appointment.objects.for_pages().filter(own | Q(resident__in=[link.resident_id for link in links]))


def named(user: User, links: list[FamilyLink], rows: Iterable[Appointment | WaitingEntry]) -> list:
    """The bookings or waiting entries with `said_name`: masked where it is neither family nor asked for by them."""
    family = {link.resident_id for link in links}
    said = list(rows)
    for row in said:
        asked_by = row.joined_by_id if isinstance(row, WaitingEntry) else row.booked_by_id
        is_known = row.resident_id in family or asked_by == user.pk
        row.said_name = row.resident.name if is_known else masked_name(row.resident.name)
    return said


def upcoming(rows, now: datetime):
    """Still to come or going on."""
    return rows.active().filter(ends_at__gt=now, served_at__isnull=True).order_by("starts_at", "pk")


def past(rows, now: datetime):
    """All others, latest first."""
    over = Q(ends_at__lte=now) | Q(served_at__isnull=False) | Q(missed_at__isnull=False) | Q(cancelled_at__isnull=False)
    return rows.filter(over).order_by("-starts_at", "-pk")


def waiting_of(user: User, links: list[FamilyLink]):
    """What they and their family wait for, and what was asked for as in `appointments_of`: what is offered first."""
    own = Q(joined_by=user) & ~Q(channel__in=Way.by_staff())
    if user.phone and user.phone_verified_at:
        own |= Q(phone=user.phone)
    if user.asleep_since:
        own &= Q(joined_at__gte=user.asleep_since)
    mine = WaitingEntry.objects.open().for_pages()
    mine = mine.filter(own | Q(resident__in=[link.resident_id for link in links]))
    return mine.order_by(F("offer_ends_at").asc(nulls_last=True), "slot__starts_at", "pk")


def cases_of(links: list[FamilyLink]) -> QuerySet[Case]:
    return Case.objects.for_pages().filter(resident__in=[link.resident_id for link in links])


def open_cases(links: list[FamilyLink]) -> QuerySet[Case]:
    """Under way or waiting to be fetched: what to fetch first, then what papers are missing for, then by their day."""
    rank = Choose(
        When(closed_at__isnull=False, then=Value(0)),
        When(accepted_at__isnull=True, notice_at__isnull=False, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = cases_of(links).needing_somebody().annotate(rank=rank).prefetch_related("materials")
    return rows.order_by("rank", F("promised_on").asc(nulls_last=True), "pk")


def cases_to_rate(links: list[FamilyLink]) -> QuerySet[Case]:
    """Their own only: nobody says in another's place how it was. The latest first."""
    own = [link.resident_id for link in links if link.relation == FamilyLink.Relation.SELF]
    return Case.objects.to_rate().for_pages().filter(resident__in=own).order_by("-closed_at", "-pk")


def messages_to(user: User, links: list[FamilyLink], posts: list[Staff], now: datetime | None = None):
    """What is said at this moment, at home, at work and of the account, without words: `wording.shown` adds them."""
    now = now or timezone.now()
    at_work = [duty_messages.person_of(post) for post in posts]
    of_account = [] if user.asleep_since else [member_messages.person_of(user)]
    said = Message.objects.for_people([person_of(link.resident) for link in links] + at_work + of_account)
    alive = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    return said.filter(alive, channel=Channel.INBOX, due_at__lte=now)
