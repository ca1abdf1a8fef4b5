"""What the desk shows of a day: one list, its counts, and whom to call next. One query, whatever its length."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from appointments.models import Appointment
from appointments.models.appointment import Status
from centers.models import Center

ELSEWHERE = 5


@dataclass(frozen=True)
class Board:
    """The appointments of a center's day in order of time; cancelled ones are counted but not listed."""

    center: Center
    day: date
    all: list[Appointment]

    @property
    def rows(self) -> list[Appointment]:
        return self.only(None)

    def only(self, status: Status | None) -> list[Appointment]:
        if status is None:
            return [row for row in self.all if row.status != Status.CANCELLED]
        return [row for row in self.all if row.status == status]

    @property
    def counts(self) -> dict[Status, int]:
        found = Counter(row.status for row in self.all)
        return {status: found[status] for status in Status}

    def matching(self, words: str) -> list[Appointment]:
        """By code, its beginning, the last digits of a phone, or a part of a name."""
        if digits := _digits(words):
            return [row for row in self.all if row.code.startswith(digits) or row.phone.endswith(digits)]
        return [row for row in self.all if words in row.resident.name or words in row.contact_name]

    def find(self, pk: int | None) -> Appointment | None:
        return next((row for row in self.all if row.pk == pk), None)

    def next_up(self, after: Appointment | None = None) -> Appointment | None:
        """Whoever has arrived and was booked earliest; while nobody waits, whoever is due first."""
        waiting = [row for row in self.only(Status.ARRIVED) if row != after]
        due = [row for row in self.only(Status.BOOKED) if row != after]
        return next(iter(waiting or due), None)


def board(center: Center, day: date) -> Board:
    rows = Appointment.objects.for_pages().select_related("booked_by").filter(center=center).on_day(day).with_misses()
    return Board(center, day, list(rows.order_by("starts_at", "pk")))


def on_other_days(center: Center, day: date, words: str) -> list[Appointment]:
    """For whoever comes on the wrong day: the nearest that match, today's and later ones first."""
    digits = _digits(words)
    match = Q(code=digits) | Q(phone__endswith=digits) if digits else Q(resident__name__contains=words)
    if len(words) < 2 or (digits and len(digits) < 4):
        return []
    found = Appointment.objects.for_pages().filter(match, center=center).exclude(pk__in=Appointment.objects.on_day(day))
    today = timezone.localdate()
    rows = list(found.order_by("-starts_at")[:20])
    rows.sort(key=lambda row: abs((timezone.localdate(row.starts_at) - today).days))
    return rows[:ELSEWHERE]


def _digits(words: str) -> str:
    compact = words.replace(" ", "").replace("-", "")
    return compact if compact.isascii() and compact.isdigit() else ""
