"""Divisions succeed each other, and what hangs on the one that ends goes along (docs/domain.md, Divisions).

A division that only gets another code or name keeps its row, to which everything points: `recode`. Of two rows, what
points at the first is made to point at the second: `move`.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from centers.access import has_permission
from centers.days.keeping import keep_one
from centers.models import ApiToken, Center, Division, FormerCode, MarketRule, Membership, Resident, Succession
from centers.people import joining
from portal import locking
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.ui.errors import Changed, NotAllowed, RuleBroken

Kind = Succession.Kind
BATCH = 500
# A change that is dated before the republic, or in ten years, is a slip of the keyboard. Our default.
EARLIEST, AHEAD = date(1949, 10, 1), timedelta(days=3653)


class Named(NamedTuple):
    """What a division is called from now on."""

    code: str
    name: str
    pinyin: str
    initials: str


@transaction.atomic
def recode(changes: Sequence[tuple[Division, Named]], *, on: date, by: User | None = None) -> dict[int, Division]:
    """Give divisions another code, and name; two may exchange theirs. Returns the closed row of each by its id.

    Raises RuleBroken `code_in_use`.
    """
    rows = [row for row, _named in changes]
    wanted = [named.code for _row, named in changes]
    others = Division.objects.current().exclude(pk__in=[row.pk for row in rows])
    if taken := others.filter(code__in=wanted).values_list("code", flat=True).first():
        raise RuleBroken(_("%(taken)s 正在使用，只能并入，不能换成它。"), code="code_in_use", taken=taken)
    past = Division.objects.bulk_create([as_it_was(row, on) for row in rows], batch_size=BATCH)
    # Out of the way of each other first: two may exchange their codes.
    Division.objects.filter(pk__in=[row.pk for row in rows]).update(valid_to=date.max)
    for row, named in changes:
        row.code, row.name, row.pinyin, row.initials = named
        row.valid_from, row.valid_to = on, None
    names = ["code", "name", "pinyin", "initials", "valid_from", "valid_to"]
    Division.objects.bulk_update(rows, names, batch_size=BATCH)
    found = {row.pk: old for row, old in zip(rows, past, strict=True)}
    Succession.objects.bulk_create(
        [Succession(old=found[row.pk], new=row, kind=Kind.RECODED, on=on, decided_by=by) for row in rows],
        batch_size=BATCH,
    )
    for center in Center.objects.filter(division__in=found).select_related("division"):
        code_changed(center, found[center.division_id].code, on)
    return found


@transaction.atomic
def succeed(
    *, old: Division, new: Division, by: User | None, goes_on: bool = True, on: date | None = None
) -> Succession:
    """Record by hand that `new` came after `old`; with `goes_on` everything of the old one goes to the new one.

    A division in which the old one does not go on is one of several into which it was split. Raises as
    `check_succeeding` and `check_day` do.
    """
    on = on or timezone.localdate()
    check_day(on)
    locking.lock(Division, [old.pk, new.pk])
    old.refresh_from_db()
    new.refresh_from_db()
    check_succeeding(old=old, new=new, by=by, goes_on=goes_on)
    if not goes_on:
        return Succession.objects.create(old=old, new=new, kind=Kind.SPLIT, goes_on=False, on=on, decided_by=by)
    has_others = new.predecessors.filter(goes_on=True).exists() or new.centers.exists()
    is_split = Succession.objects.filter(old=old).exists()
    kind = Kind.MERGED if has_others else Kind.SPLIT if is_split else Kind.RECODED
    return move(old=old, new=new, kind=kind, on=on, by=by)


def check_succeeding(*, old: Division, new: Division, by: User | None, goes_on: bool = True) -> None:
    """Raises NotAllowed, and RuleBroken `other_level`, `has_ended`, `went_already`."""
    if by is not None:
        _check_may(by, old, new)
    if old.level != new.level:
        raise RuleBroken(_("原来的和后来的要是同一级，例如都是村。"), code="other_level", field="new")
    if new.valid_to is not None:
        raise RuleBroken(_("后来的区划自己也停用了。请选现在用的那个。"), code="has_ended", field="new")
    if old.pk == new.pk:
        raise RuleBroken(_("原来的和后来的不能是同一个区划。"), code="went_already", field="new")
    recorded = Succession.objects.filter(old=old)
    if recorded.filter(new=new).exists():
        raise RuleBroken(_("这一条已经记过了。"), code="went_already", field="new")
    if goes_on and recorded.filter(goes_on=True).exists():
        raise RuleBroken(_("这个区划的中心和人员已经跟着别的区划去了。"), code="went_already", field="old")


def check_day(on: date) -> None:
    """Raises RuleBroken `odd_day`."""
    if not EARLIEST <= on <= timezone.localdate() + AHEAD:
        said = _("%(day)s 不像是区划变动的日子。请写1949年10月1日以后、十年以内的日期。")
        raise RuleBroken(said, code="odd_day", field="on", day=on.isoformat())


def close(division: Division, on: date) -> None:
    """It ends the day before `on`, or with its first day."""
    division.valid_to = max(on, division.valid_from + timedelta(days=1))
    division.save(update_fields=["valid_to"])


def _check_may(by: User, *places: Division) -> None:
    """A township or a county, which decides about centers as well."""
    if not by.is_superuser and not all(has_permission(by, Permission.APPROVE_CLOSURE, at=place) for place in places):
        raise NotAllowed(_("两个区划都要在您管的范围内，才能记谁接着谁。"))


@transaction.atomic
def move(*, old: Division, new: Division, kind: str, on: date, by: User | None = None) -> Succession:
    """All that points at `old` points at `new` from now on; `old` is closed.

    Where both have a center, the old one's leads to the new one's, and its bookings are displaced. A role that
    somebody has at both is kept once, with the API tokens of both. So is a resident who is listed at both.
    """
    if old.valid_to is None:
        close(old, on)
    _memberships(old, new)
    _residents(old, new, by)
    _market_rules(old, new)
    for path in settings.DIVISION_FOLLOWERS:
        import_string(path)(old, new)
    for center in Center.objects.standing().filter(division=old):
        _rehome(center, new, on)
    Center.objects.filter(division=old).update(division=new)  # those that were merged into it
    return Succession.objects.create(old=old, new=new, kind=kind, on=on, decided_by=by)


@transaction.atomic
def rehome(*, center: Center, division: Division, by: User | None = None) -> None:
    """A center gets another division. If its own has ended, everything of that goes along (`succeed`).

    While its own is in force only the center goes: it was entered at the wrong village. Raises as `check_rehoming`.
    """
    old = locking.locked(Division.objects.all(), center.division_id)
    if not Center.objects.filter(pk=center.pk, division=old).exists():
        raise Changed(_("这个中心刚刚换了区划。您这一下没有生效，请看看最新的情况。"))
    if division.pk == old.pk:
        return
    check_rehoming(center=center, division=division, by=by)
    if _takes_all_along(old):
        succeed(old=old, new=division, by=by)
        center.refresh_from_db(fields=["division"])
    else:
        _rehome(center, division, timezone.localdate())


def check_rehoming(*, center: Center, division: Division, by: User | None) -> None:
    """Raises as `check_succeeding`, and RuleBroken `has_center`, `merged`."""
    if center.leads_to_id:
        raise RuleBroken(_("这个中心已经并到别的中心，区划跟着那个中心走。"), code="merged", field="division")
    if Center.objects.standing().filter(division=division).exclude(pk=center.pk).exists():
        raise RuleBroken(
            _("%(place)s已经有中心了。要并过去，请在“区划沿革”里记一条。"),
            code="has_center",
            field="division",
            place=division.short_name,
        )
    if _takes_all_along(center.division):
        check_succeeding(old=center.division, new=division, by=by)
    elif by is not None:
        _check_may(by, center.division, division)


def _takes_all_along(old: Division) -> bool:
    return old.valid_to is not None and not Succession.objects.filter(old=old, goes_on=True).exists()


def _residents(old: Division, new: Division, by: User | None) -> None:
    """Who is listed at both with one number is one person; whoever cannot be joined yet is listed as a twin.

    Of two without a number nobody knows: they stay two people, told apart by the village that one came from.
    """
    known = Resident.objects.filter(division=new, twin_of=None, name_key=OuterRef("name_key"), phone=OuterRef("phone"))
    here = Resident.objects.filter(division=old, twin_of=None).exclude(name_key="")
    for gone in locking.all_locked(here.filter(Exists(known)).order_by("pk")):
        if not gone.phone:
            _tell_apart(gone, old, new)
            continue
        keep = Resident.objects.get(division=new, twin_of=None, name_key=gone.name_key, phone=gone.phone)
        if joining.clashes(keep, gone):
            gone.twin_of = keep
            gone.save(update_fields=["twin_of"])
        else:
            joining.join(keep, gone, by=by)
    Resident.objects.filter(division=old).update(division=new)


def _tell_apart(gone: Resident, old: Division, new: Division) -> None:
    """Add the village that they came from, and a number if need be, until group and remark are nobody else's."""
    others = Resident.objects.filter(
        division__in=[old, new], twin_of=None, name_key=gone.name_key, phone="", villager_group=gone.villager_group
    ).exclude(pk=gone.pk)
    taken = set(others.values_list("remark", flat=True))
    village, said, number = _("原%(village)s") % {"village": old.short_name}, gone.remark, 1
    longest = Resident._meta.get_field("remark").max_length or 0
    while not gone.remark or gone.remark in taken:
        ends = village if number == 1 else f"{village}{number}"
        gone.remark = f"{said[: longest - len(ends) - 1]}，{ends}" if said else ends
        number += 1
    gone.save(update_fields=["remark"])


def _rehome(center: Center, division: Division, on: date) -> None:
    _remember(center, center.code, on)
    there = Center.objects.standing().filter(division=division).exclude(pk=center.pk).first()
    if there:
        Center.objects.filter(leads_to=center).update(leads_to=there)
        center.leads_to, center.is_active = there, False
    center.division = division
    center.save()
    if there:
        keep_one(center)  # closed from now on: what is booked is to be settled
    _follow(center)


def code_changed(center: Center, before: str, on: date) -> None:
    _remember(center, before, on)
    _follow(center)


def _follow(center: Center) -> None:
    for path in settings.CENTER_FOLLOWERS:
        import_string(path)(center)


def _remember(center: Center, code: str, on: date) -> None:
    FormerCode.objects.update_or_create(center=center, code=code, defaults={"until": on})


def as_it_was(division: Division, on: date) -> Division:
    """A closed row, unsaved, of what it was called until `on`."""
    return Division(
        code=division.code,
        name=division.name,
        level=division.level,
        pinyin=division.pinyin,
        initials=division.initials,
        valid_from=division.valid_from,
        valid_to=max(on, division.valid_from + timedelta(days=1)),
    )


def _memberships(old: Division, new: Division) -> None:
    for held in Membership.objects.filter(division=old).order_by("pk"):
        same = Membership.objects.filter(division=new, user=held.user_id, role=held.role, revoked_at=None).first()
        if held.revoked_at is None and same:
            ApiToken.objects.filter(membership=held).update(membership=same)
            held.revoked_at = timezone.now()
        held.division = new
        held.save(update_fields=["division", "revoked_at"])


def _market_rules(old: Division, new: Division) -> None:
    for rule in MarketRule.objects.filter(division=old):
        if MarketRule.objects.filter(division=new, calendar=rule.calendar, digits=rule.digits).exists():
            rule.delete()
        else:
            rule.division = new
            rule.save(update_fields=["division"])
