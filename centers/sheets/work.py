"""The long work on uploaded sheets: read, check, write, undo, a part at a time.

A job of settings.UPKEEP, which also runs at once for a small sheet. Each part is one transaction that says what it has
done, so that a killed worker loses none and repeats none; somebody else goes on when the claim is over. A turn is
short: other jobs of the queue wait meanwhile.
"""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from centers import access
from centers.models import SheetPart, SheetUpload
from centers.sheets import reading, undoing
from centers.sheets.checking import Checked, Fault, Seen, as_list, check, write
from centers.sheets.kinds import KINDS
from portal.accounts.audit_context import acting_for
from portal.celery import wake

logger = logging.getLogger(__name__)
JOB = "work-sheets"
TURN = 5.0  # seconds
# A part takes a second or two; a file of 100,000 rows is read in some ten.
CLAIM = timedelta(seconds=90)
MOST_TRIES = 5


def work(seconds: float = TURN) -> int:
    """Job of settings.UPKEEP; returns how many parts were done. Can be interrupted at any moment."""
    until, done = time.monotonic() + seconds, 0
    free = Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
    for pk in list(SheetUpload.objects.unfinished().filter(free).order_by("pk").values_list("pk", flat=True)):
        done += advance(pk, until)
        if time.monotonic() >= until:
            break
    if SheetUpload.objects.unfinished().exists():
        wake(JOB)
    return done


def advance(pk: int, until: float) -> int:
    """Work on one sheet until that time by time.monotonic(); nothing if somebody else does. Returns how many parts."""
    now = timezone.now()
    free = SheetUpload.objects.unfinished().filter(Q(claimed_until=None) | Q(claimed_until__lt=now), pk=pk)
    if not free.update(claimed_until=now + CLAIM, tries=F("tries") + 1):
        return 0
    upload = SheetUpload.objects.select_related("by").get(pk=pk)
    done = 0
    try:
        if upload.tries > MOST_TRIES:
            _give_up(upload)
            return 0
        with acting_for(upload.by):
            for _step in _steps(upload):
                done += 1
                SheetUpload.objects.filter(pk=pk).update(claimed_until=timezone.now() + CLAIM, tries=0)
                if time.monotonic() >= until:
                    break
    except Exception:  # one sheet that cannot be worked on must not stop the others; it is tried again
        logger.exception("the work on sheet %s ended", pk)
    finally:
        SheetUpload.objects.filter(pk=pk).update(claimed_until=None)
    return done


def _give_up(upload: SheetUpload) -> None:
    logger.error("sheet %s was tried %d times and ended each time", upload.pk, MOST_TRIES)
    said = _("系统处理不了这张表，试了几次都没有成。请把它分成几份，或者另存成 .xlsx 再传。")
    SheetUpload.objects.filter(pk=upload.pk).update(refusal=said)


def _steps(upload: SheetUpload) -> Iterator[None]:
    """All that is to be done before it is the user's turn; stops after each part, outside of a transaction."""
    if not upload.read_at:
        reading.read(upload)
        yield
        upload.refresh_from_db()
    if upload.refusal:
        return
    if not upload.checked_at:
        yield from _check_all(upload)
    elif upload.confirmed_at and not upload.written_at:
        yield from _each(upload, "written_at", _write)
    elif upload.undo_asked_at and not upload.undone_at:
        yield from _each(upload, "undone_at", undoing.undo)


def _check_all(upload: SheetUpload) -> Iterator[None]:
    seen = Seen()
    for keys in upload.parts.filter(checked_at__isnull=False).values_list("keys", flat=True):
        seen.remember(keys)
    yield from _each(upload, "checked_at", partial(_check, seen=seen))


def _each(upload: SheetUpload, moment: str, step: Callable[[SheetUpload, SheetPart], None]) -> Iterator[None]:
    """The parts for which this moment is not set yet; then it is set for the sheet. Undone in the opposite order."""
    order = "-number" if moment == "undone_at" else "number"
    parts = upload.parts.filter(**{f"{moment}__isnull": True})
    pks = list(parts.order_by(order).values_list("pk", flat=True))
    for pk in pks[:-1]:
        _do(upload, pk, step)
        yield
    for pk in pks[-1:]:
        _do(upload, pk, step)
    SheetUpload.objects.filter(pk=upload.pk).update(**{moment: timezone.now()})
    yield


def _do(upload: SheetUpload, pk: int, step: Callable[[SheetUpload, SheetPart], None]) -> None:
    step(upload, SheetPart.objects.get(pk=pk))
    SheetUpload.objects.filter(pk=upload.pk).update(done=F("done") + 1)


def _check(upload: SheetUpload, part: SheetPart, seen: Seen) -> None:
    seen.fresh = []
    checked = _checked(upload, part, seen)
    part.faults, part.keys, part.checked_at = _lines(checked.faults), seen.fresh, timezone.now()
    part.bad = len(part.faults)
    part.new, part.changed, part.same = checked.counts()
    part.touched = _touched(upload, part, checked)
    part.save()


def _checked(upload: SheetUpload, part: SheetPart, seen: Seen | None = None) -> Checked:
    with access.asked_once():
        return check(KINDS[upload.kind], part, upload.headers, upload.by, seen)


def _touched(upload: SheetUpload, part: SheetPart, checked: Checked) -> int:
    """Bookings that the rows displace: rehearsed, where opening hours go; see settings.BOOKINGS_TOUCHED."""
    if not any(any(resource.displaces(one) for one in planned) for resource, planned in checked.good()):
        return 0
    again = partial(_checked, upload, part)
    return sum(import_string(settings.BOOKINGS_TOUCHED)(lambda: write(again(), again)).values())


def _write(upload: SheetUpload, part: SheetPart) -> None:
    """Checked again: who may do it, and what is stored, may be others than when the preview was shown."""
    first, again = _checked(upload, part), partial(_checked, upload, part)
    with transaction.atomic():
        if not SheetPart.objects.filter(pk=part.pk, written_at=None).update(written_at=timezone.now()):
            return  # another worker, which thought that this one was dead
        checked, changes = write(first, again)
        part.faults, part.written_at = _lines(checked.faults), timezone.now()
        part.bad = len(part.faults)
        part.new, part.changed, part.same = checked.counts()
        part.changes = [[*as_list(where), *change] for where, change in changes]
        part.save()


def _lines(faults: list[Fault]) -> list[list]:
    return [[*as_list(where), said] for where, said in faults]
