"""Receiving a sheet, confirming and undoing it. The long work itself is in `work`."""

import time
from functools import partial

from django.db import models, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.models import SheetFile, SheetPart, SheetUpload
from centers.sheets import work
from centers.sheets.access import may_bring_in
from portal.accounts.models import User
from portal.celery import wake
from portal.ui.errors import Changed, NotAllowed, RuleBroken
from portal.ui.idempotency import KeyReused, make_once

# Bytes of a file that is read while its user waits: some two thousand rows.
SMALL = 100_000
SMALL_ROWS = 500  # that are written while their user waits
PATIENCE = 4.0  # seconds


def receive(*, kind: str, name: str, data: bytes, key: str, by: User) -> SheetUpload:
    """Store the file; a key that has come before is the same upload. Raises NotAllowed, KeyReused."""
    _check(by)
    upload = make_once(
        partial(_receive, kind=kind, name=name[-120:], data=data, key=key, by=by),
        lambda: SheetUpload.objects.filter(key=key).first(),
    )
    if (upload.kind, upload.by_id) != (kind, by.pk):
        raise KeyReused
    _begin(upload, is_small=len(data) <= SMALL)
    return upload


def _receive(*, kind: str, name: str, data: bytes, key: str, by: User) -> SheetUpload:
    upload = SheetUpload.objects.create(kind=kind, name=name, key=key, by=by, total=1)
    SheetFile.objects.create(upload=upload, data=data)
    return upload


def confirm(*, upload: SheetUpload, by: User) -> None:
    """Write it, once. Idempotent. Raises NotAllowed, and RuleBroken `faulty`, `nothing`, `not_ready`."""
    _check(by)
    upload.refresh_from_db()
    counts = totals(upload)
    if upload.refusal or not upload.checked_at:
        raise RuleBroken(_("这张表还没有查完。请等查完了再确认。"), code="not_ready")
    if counts["bad"]:
        raise RuleBroken(_("表里还有错，什么都没有导入。请先改好，再传一次。"), code="faulty")
    if not counts["new"] + counts["changed"]:
        raise RuleBroken(_("表里和系统里的一样，没有要导入的。"), code="nothing")
    ready = SheetUpload.objects.filter(pk=upload.pk, confirmed_at=None, checked_at__isnull=False)
    if ready.update(confirmed_at=timezone.now(), done=0):
        _begin(upload, is_small=upload.rows <= SMALL_ROWS)


def ask_undo(*, upload: SheetUpload, by: User) -> None:
    """Take it back, once. Idempotent. Raises NotAllowed, and what `refusal_to_undo` says."""
    _check(by)
    upload.refresh_from_db()
    if refusal := refusal_to_undo(upload):
        raise refusal
    ready = SheetUpload.objects.filter(pk=upload.pk, undo_asked_at=None, written_at__isnull=False)
    if ready.update(undo_asked_at=timezone.now(), done=0):
        _begin(upload, is_small=upload.rows <= SMALL_ROWS)


def refusal_to_undo(upload: SheetUpload) -> RuleBroken | None:
    """Only the last of a kind: what came later may stand on what came before."""
    if not upload.written_at:
        return RuleBroken(_("这张表还没有导入完，不能撤回。"), code="not_written")
    later = SheetUpload.objects.of(upload.by).filter(kind=upload.kind, pk__gt=upload.pk, confirmed_at__isnull=False)
    if upload.undo_asked_at is None and later.filter(undone_at=None).exists():
        return Changed(_("后来又导入过这种表。要撤回，请从最后一次撤起。"))
    if not upload.parts.exists():
        return RuleBroken(_("过了保留的时间，表的内容已经清除，不能撤回了。"), code="forgotten")
    return None


def totals(upload: SheetUpload) -> dict[str, int]:
    """Rows that are `new`, `changed`, the `same`; `bad` faults, `touched` bookings, rows `left` by an undo."""
    names = ("new", "changed", "same", "bad", "touched", "left")
    found = upload.parts.aggregate(**{f"all_{name}": Sum(name, default=0) for name in names})
    return {name: found[f"all_{name}"] for name in names}


def faults(upload: SheetUpload, most: int | None = None) -> list[list]:
    """[place, number, sheet, sentence] from the top down, at most so many."""
    return _lines(upload.parts.filter(bad__gt=0), "faults", most)


def kept(upload: SheetUpload, most: int | None = None) -> list[list]:
    """What an undo left and why, as `faults`."""
    return sorted(_lines(upload.parts.filter(left__gt=0), "kept", most))


def _lines(parts: models.QuerySet[SheetPart], column: str, most: int | None) -> list[list]:
    found: list[list] = []
    for lines in parts.order_by("number").values_list(column, flat=True).iterator(chunk_size=50):
        found += lines
        if most is not None and len(found) >= most:
            break
    return found[:most]


def _check(by: User) -> None:
    if not may_bring_in(by):
        raise NotAllowed


def _begin(upload: SheetUpload, *, is_small: bool) -> None:
    """At once if it is small; else by the job, and the page tells how far it is."""
    if is_small:
        work.advance(upload.pk, time.monotonic() + PATIENCE)
    transaction.on_commit(partial(wake, work.JOB), robust=True)
