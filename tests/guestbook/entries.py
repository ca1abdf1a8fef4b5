"""The entries of the guestbook for each registry, in the form described in portal/registries.py."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from appointments.catalog.models import ServiceItem
from appointments.slots.models import Slot
from centers.duty.evidence import Proof, half_of
from centers.figures import Figure, Look
from centers.models import Center, CenterDay, Division
from centers.people.messages import residents_of
from centers.people.retention import Traces
from centers.rules import declared
from centers.to_do import Task
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.metrics import Family
from portal.notifications.models import Message
from portal.notifications.subjects import Shown, Subject, Words
from portal.retention import Rule, overdue
from portal.ui import words
from tests.guestbook.models import Note

RULES = [
    declared.Rule(
        "RETENTION_NOTES_DAYS",
        "retention",
        "留言里的话",
        "过了这么多天，留的话抹掉。",
        "已经抹掉的找不回来。",
        unit=declared.DAYS,
        low=1,
        high=365,
    )
]


def proofs(centers: list[int], start: datetime, end: datetime) -> Iterable[Proof]:
    notes = Note.objects.filter(center__in=centers, written_at__gte=start, written_at__lt=end)
    for center, moment in notes.values_list("center_id", "written_at"):
        yield Proof(half_of(center, moment), "群众留了言", moment)


def _for_pages() -> QuerySet[Note]:
    return Note.objects.select_related("center__division", "resident")


def _recent(since: datetime) -> QuerySet[Note]:
    return Note.objects.filter(written_at__gt=since)


def _shown(note: Note, person: str) -> Shown:
    url = f"{reverse('guestbook')}#{note.pk}"
    return Shown(name=words.masked_name(note.resident.name), url=url, what="留言", more=note.center.name)


def _links(pks: set[int], people: set[str]) -> dict[int, str]:
    mine = Note.objects.filter(pk__in=pks, resident__in=residents_of(people))
    return {pk: f"{reverse('guestbook')}?mine={pk}" for pk in mine.values_list("pk", flat=True)}


def _words(note: Note, message: Message, now: datetime) -> Words | None:
    """It is true until somebody has answered."""
    return None if note.answered_at else Words(f"您的留言记下了：{note.text}")


SUBJECT = Subject(
    rows=_for_pages,
    recent=_recent,
    division="center__division__code",
    seen_by=Permission.VIEW_DAY,
    handled_by=Permission.MARK_ATTENDANCE,
    shown=_shown,
    links=_links,
    titles={"noted": "留言记下了"},
    words=_words,
)


def _written(look: Look) -> QuerySet[Note]:
    within = {"written_at__gte": look.period.start, "written_at__lt": look.period.end}
    return Note.objects.filter(look.inside(), **within)


def _rows(look: Look) -> QuerySet[Note]:
    return _written(look).select_related("resident").order_by("written_at", "pk")


def _count(look: Look) -> Iterable[dict]:
    return look.grouped(_written(look)).annotate(notes=Count("pk"))


NOTES = Figure(
    code="notes",
    title="群众的留言",
    rows=_rows,
    table="guestbook/rows.html",
    column="留言",
    count=_count,
    help="留言簿上写的，一条算一个。",
)


def rules(at: datetime) -> Iterator[Rule]:
    past = overdue(at, "notes", "written_at", "center__division__code")
    yield Rule(Note.objects.filter(past).exclude(text=""), _forget)


def _forget(pks: list[int]) -> None:
    Note.objects.filter(pk__in=pks).update(text="")


def _needed(at: datetime) -> Q:
    return Q(Exists(Note.objects.filter(resident=OuterRef("pk"), answered_at__isnull=True)))


traces = Traces(_needed)


def invariants(now: datetime) -> Iterator[tuple[str, QuerySet]]:
    yield "A note was written before now.", Note.objects.filter(written_at__gt=now)


def answer() -> int:
    return Note.objects.filter(answered_at__isnull=True).update(answered_at=timezone.now())


def ask_again(rows: list[CenterDay]) -> None:
    """The follower of days: the notes of those that have changed have to be answered again."""
    for row in rows:
        Note.objects.filter(center=row.center_id, written_at__date=row.date).update(answered_at=None)


def forget_item(item: ServiceItem) -> None:
    """The follower of items: the notes name an item that ends no longer."""
    Note.objects.filter(text__contains=item.code).update(text="")


def note_division(old: Division, new: Division) -> None:
    """The follower of divisions: the notes name a place that another one goes on for."""
    for note in Note.objects.filter(text__contains=old.short_name):
        note.text = note.text.replace(old.short_name, new.short_name)
        note.save()


def note_center(center: Center) -> None:
    """The follower of centers: at another place its notes are to be answered anew."""
    Note.objects.filter(center=center).update(answered_at=None)


def offer(slot: Slot) -> bool:
    """The freed-place follower: whether somebody wants the place."""
    return Note.objects.filter(center=slot.center_id, wants_a_place=True).exists()


def unanswered(now: datetime) -> QuerySet[Note]:
    return Note.objects.filter(written_at__lt=now, answered_at__isnull=True)


def _unanswered(user: User, now: datetime) -> QuerySet[Note]:
    return unanswered(now)


UNANSWERED = Task(words="条留言等回音", page="guestbook", permission=Permission.ANSWER_DEMANDS, rows=_unanswered)


def families() -> Iterator[Family]:
    yield "notes", "gauge", "Notes in the guestbook.", [({}, Note.objects.count())]
