"""Editing an item: what is written starts at once, on a day, or waits as a draft. Each editor says what they looked at.

`seen` names the version and the draft that an editor had on the screen (optimistic locking): of two who edit at once,
the second is told who has changed what (`edits_since`), and nothing of theirs is stored over it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.catalog import services
from appointments.catalog.changes import Difference, differences
from appointments.catalog.models import CONTENT, ItemDraft, ServiceItem
from centers.importing.spelling import spell
from centers.models import Division
from portal import locking
from portal.accounts.models import User
from portal.ui.errors import Changed, RuleBroken
from portal.ui.params import number

LONGEST_CODE = 20
HIGHEST_VERSION = 32767  # of the column


class Overtaken(Changed):
    message = _("这件事刚刚被别人改过，您的还没有存。您填的都在下面，看看别人改了什么，再存一次。")


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a division: its last version, offered or ended, and its draft. Either may be missing."""

    division: Division
    code: str
    last: ServiceItem | None
    draft: ItemDraft | None

    @property
    def current(self) -> ServiceItem | None:
        return self.last if self.last and self.last.valid_to is None else None

    @property
    def seen(self) -> str:
        version = self.last.version if self.last else 0
        ended = "" if self.current else "ended"
        return f"{version}{ended}-{self.draft.revision if self.draft else 0}"

    @property
    def base_version(self) -> int:
        return self.current.version if self.current else 0

    @property
    def is_overtaken(self) -> bool:
        """The draft was written over a version that is not the current one any more: it does not start by itself."""
        return bool(self.draft) and self.draft.base_version != self.base_version

    def __str__(self) -> str:
        return str(self.last or self.draft)


@dataclass(frozen=True, slots=True)
class Edit:
    """Somebody has made another version, ended the item or written a draft. `at` is None where nobody noted it."""

    by: User | None
    at: datetime | None
    what: str
    differences: list[Difference]


def find(division: Division, code: str) -> Item | None:
    versions = ServiceItem.objects.filter(division=division, code=code).select_related("division", "changed_by")
    last = versions.select_related("ended_by").order_by("-version").first()
    draft = ItemDraft.objects.filter(division=division, code=code).select_related("division", "changed_by").first()
    return Item(division, code, last, draft) if last or draft else None


@transaction.atomic
def write(
    *, division: Division, code: str, seen: str, starts_on: date | None, by: User, **content
) -> ServiceItem | ItemDraft:
    """Store what an editor wrote: from today on as the next version, else as a draft, which starts on `starts_on`.

    `code` is empty for a new item, which gets one from its name. Idempotent: a second tap gets what the first has made.
    Raises Overtaken, RuleBroken `same_name` for a new item that is there already, ValidationError.
    """
    locking.lock(Division, [division.pk], no_key=True)
    item = find(division, code) if code else _new(division, content["everyday_name"])
    if item is None:
        raise Overtaken
    if made := _made_before(item, starts_on, by, content):
        return made
    if code and item.seen != seen:
        raise Overtaken
    if not code and (item.last or item.draft):
        raise RuleBroken(
            _("这里已经有“%(name)s”了，也许停办了，也许还是草稿。请到列表里找到它，改那一个。"),
            code="same_name",
            field="everyday_name",
            name=content["everyday_name"],
        )
    if _is_ahead(starts_on):
        return _drafted(item, starts_on, by, content)
    return _offered(item, by, content)


@transaction.atomic
def start(*, item: Item, by: User) -> ServiceItem:
    """Offer what the draft says from today on. Raises Overtaken if something was changed since it was looked at."""
    return _offered(_as_seen(item), by, {name: getattr(item.draft, name) for name in CONTENT})


@transaction.atomic
def discard(*, item: Item) -> None:
    """Throw the draft away; what is offered stays. Raises Overtaken."""
    ItemDraft.objects.get(pk=_as_seen(item).draft.pk).delete()


def start_due(today: date | None = None) -> int:
    """Job of settings.UPKEEP: offers the drafts whose day has come, in the name of who wrote them. Idempotent.

    A draft of an item that was changed or ended meanwhile waits for somebody to look at it.
    """
    due = ItemDraft.objects.filter(starts_on__lte=today or timezone.localdate()).select_related("division")
    started = 0
    for row in due.order_by("pk"):
        with transaction.atomic():
            locking.lock(Division, [row.division_id], no_key=True)
            item = find(row.division, row.code)
            if item and item.draft and item.draft.revision == row.revision and not item.is_overtaken:
                start(item=item, by=item.draft.changed_by)
                started += 1
    return started


def version_seen(item: Item, seen: str) -> ServiceItem | None:
    """The version that an editor had before them; None if it was a draft, which is not kept, or nothing."""
    version, revision = _read(seen)
    if revision:
        return None
    return ServiceItem.objects.filter(division=item.division, code=item.code, version=version).first()


def edits_since(item: Item, seen: str) -> list[Edit]:
    """What others did after the page was opened that had `seen` on it, oldest first."""
    known, revision = _read(seen)
    versions = ServiceItem.objects.filter(division=item.division, code=item.code, version__gte=known)
    rows = list(versions.select_related("changed_by").order_by("version"))
    found = [
        Edit(after.changed_by, after.changed_at, _("启用了第%(number)s版") % {"number": after.version}, changed)
        for before, after in pairwise(rows)
        for changed in [differences(before, after)]
    ]
    if item.last and not item.current and "ended" not in seen:
        found.append(Edit(item.last.ended_by, None, str(_("停办了这件事")), []))
    if item.draft and item.draft.revision != revision:
        changed = differences(item.last, item.draft) if item.last else []
        found.append(Edit(item.draft.changed_by, item.draft.changed_at, str(_("存了一份草稿")), changed))
    return found


def _read(seen: str) -> tuple[int, int]:
    """Version and revision of `Item.seen`; 0 for what is not of our making."""
    version, _dash, revision = seen.partition("-")
    return min(number(version.removesuffix("ended")) or 0, HIGHEST_VERSION), number(revision) or 0


def _as_seen(item: Item) -> Item:
    """The item as it is now, locked. Raises Overtaken if that is not what was looked at."""
    locking.lock(Division, [item.division.pk], no_key=True)
    now = find(item.division, item.code)
    if now is None or now.draft is None or now.seen != item.seen:
        raise Overtaken
    return now


def _offered(item: Item, by: User, content: dict) -> ServiceItem:
    if item.current:
        made = services.revise(item=item.current, by=by, **content)
    else:
        made = services.create(division=item.division, by=by, code=item.code, **content)
    if item.draft:
        item.draft.delete()
    return made


def _drafted(item: Item, starts_on: date | None, by: User, content: dict) -> ItemDraft:
    draft = item.draft or ItemDraft(division=item.division, code=item.code, revision=0)
    for name, value in content.items():
        setattr(draft, name, value)
    draft.base_version, draft.starts_on, draft.revision = item.base_version, starts_on, draft.revision + 1
    draft.changed_by, draft.changed_at = by, timezone.now()
    draft.full_clean()
    draft.save()
    return draft


def _is_ahead(starts_on: date | None) -> bool:
    return starts_on is None or starts_on > timezone.localdate()


def _made_before(item: Item, starts_on: date | None, by: User, content: dict) -> ServiceItem | ItemDraft | None:
    row = item.draft if _is_ahead(starts_on) else item.current
    if row is None or row.changed_by_id != by.pk or (row is item.draft and row.starts_on != starts_on):
        return None
    return row if all(getattr(row, name) == value for name, value in content.items()) else None


def _new(division: Division, name: str) -> Item:
    """The item of that name, if the division has had one; else an empty one with a code from the pinyin of the name."""
    for rows in (ServiceItem.objects.order_by("-version"), ItemDraft.objects):
        if there := rows.filter(division=division, everyday_name=name).first():
            return find(division, there.code)
    spelled = "".join(character for character in spell(name)[0].lower() if character.isascii() and character.isalnum())
    base = spelled[: LONGEST_CODE - 3] or "item"
    used = {
        *ServiceItem.objects.filter(division=division, code__startswith=base).values_list("code", flat=True),
        *ItemDraft.objects.filter(division=division, code__startswith=base).values_list("code", flat=True),
    }
    free = (base if count == 1 else f"{base}-{count}" for count in range(1, len(used) + 2))
    return Item(division, next(code for code in free if code not in used), None, None)
