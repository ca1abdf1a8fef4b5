"""Changing the catalog. Versions are immutable: a change ends the current version and creates the next."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from appointments.catalog.models import CONTENT, ItemDraft, ItemOptOut, ServiceItem
from appointments.catalog.search import search_text
from centers.models import Division
from portal import locking
from portal.accounts.models import User
from portal.ui.errors import Changed


@transaction.atomic
def create(*, division: Division, by: User | None, **fields) -> ServiceItem:
    """Offer an item of a division, or offer it again after its end. Raises Changed for a code in use, ValidationError.

    Of two who create it at once, the second finds what the first has made.
    """
    locking.lock(Division, [division.pk], no_key=True)
    code = fields.get("code", "")
    if ServiceItem.objects.current().filter(division=division, code=code).exists():
        sentence = _("这里已经有编码“%(code)s”的事项了，也许是别人刚刚建的。请到列表里看看，要改就改那一个。")
        raise Changed(sentence % {"code": code})
    version = _versions(division, code) + 1
    return _offer(ServiceItem(division=division, changed_by=by, version=version, **fields))


@transaction.atomic
def revise(*, item: ServiceItem, by: User, **changes) -> ServiceItem:
    """Create the next version, valid from today, with `changes`; bookings keep the version they were made with.

    Raises Changed on a concurrent edit (optimistic locking), ValidationError.
    """
    if refused := changes.keys() - set(CONTENT):
        raise TypeError(f"a revision cannot change {sorted(refused)}")
    # Conditional UPDATE: of two concurrent editors, the second updates no row.
    today = timezone.localdate()
    if not ServiceItem.objects.current().filter(pk=item.pk).update(valid_to=today):
        raise Changed
    return _store(_next(item, by, **changes))


@transaction.atomic
def end(*, item: ServiceItem, by: User | None) -> ServiceItem:
    """No longer offer an item (停办): its last version ends today, without a next one. Idempotent.

    Raises Changed when it has a later version that is offered: what was looked at is not what would end.
    Each function of settings.ITEM_FOLLOWERS gets the item, in the same transaction; the same when it is offered again.
    """
    ended = ServiceItem.objects.current().filter(pk=item.pk).update(valid_to=timezone.localdate(), ended_by=by)
    item.refresh_from_db()
    if ended:
        follow(item)
    elif ServiceItem.objects.current().filter(division=item.division_id, code=item.code).exists():
        raise Changed(_("“%(item)s”刚刚被别人改过了，还没有停办。请看看改了什么，再决定要不要停办。"), item=item)
    return item


@transaction.atomic
def resume(*, item: ServiceItem, by: User) -> ServiceItem:
    """Offer an ended item again (恢复办理), as its last version said. Idempotent: returns the current version."""
    versions = ServiceItem.objects.filter(division=item.division_id, code=item.code)
    locking.lock(ServiceItem, versions.values_list("pk", flat=True))
    last = versions.latest("version")  # read once they are locked: a second tap finds what the first has made
    return last if last.valid_to is None else _offer(_next(last, by))


def follow_division(old: Division, new: Division) -> None:
    """For settings.DIVISION_FOLLOWERS: its items go along; of one that both have, the old one ends."""
    known = ServiceItem.objects.filter(division=new).values_list("code", flat=True)
    twice = ServiceItem.objects.filter(division=old, code__in=list(known))
    ServiceItem.objects.filter(division=old).exclude(code__in=list(known)).update(division=new)
    for item in twice.current().select_related("division"):
        end(item=item, by=None)
    drafted = ItemDraft.objects.filter(division=new).values_list("code", flat=True)
    ItemDraft.objects.filter(division=old).exclude(code__in=list(drafted)).update(division=new)
    out = ItemOptOut.objects.current().filter(division=new).values_list("code", flat=True)
    ItemOptOut.objects.current().filter(division=old, code__in=list(out)).update(ended_at=timezone.now())
    ItemOptOut.objects.filter(division=old).update(division=new)


def _versions(division: Division, code: str) -> int:
    return ServiceItem.objects.filter(division=division, code=code).count()


def _next(item: ServiceItem, by: User | None, **changes) -> ServiceItem:
    """The version after this one, valid from today, unsaved."""
    following = ServiceItem(
        division_id=item.division_id,
        code=item.code,
        version=item.version + 1,
        changed_by=by,
        valid_from=timezone.localdate(),
    )
    for name in CONTENT:
        setattr(following, name, changes.get(name, getattr(item, name)))
    return following


def _offer(item: ServiceItem) -> ServiceItem:
    follow(_store(item))
    return item


def follow(item: ServiceItem | ItemOptOut) -> None:
    """Tell settings.ITEM_FOLLOWERS that an item is offered no longer, or again, in and below its division."""
    for path in settings.ITEM_FOLLOWERS:
        import_string(path)(item)


def _store(item: ServiceItem) -> ServiceItem:
    item.search_text, item.changed_at = search_text(item), timezone.now()
    item.full_clean()
    item.save(force_insert=True)
    return item
