"""Get or create residents, and their family links."""

from collections.abc import Callable
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.models import Consent, Division, FamilyLink, Resident
from centers.people import consents
from portal.accounts.audit_log import log_creation
from portal.accounts.models import User
from portal.prepared import Prepared, PreparedInsert
from portal.retention import ANONYMOUS
from portal.ui import names
from portal.ui.errors import RuleBroken, explain
from portal.ui.idempotency import make_once


def find_or_create(
    *, division: Division, name: str, phone: str, villager_group: str = "", remark: str = ""
) -> Resident:
    """Get or create the resident with that village, name and phone; parallel calls create one row.

    Somebody without a phone is also told from namesakes by group and remark: who has another is another person.
    With a phone, `villager_group` is set only if empty. Raises RuleBroken for an invalid name or phone.
    """
    asked = Resident(division=division, name=name, phone=phone, villager_group=villager_group, remark=remark)
    try:
        # No queries for validation: the division was just read, and the database enforces the constraints.
        asked.full_clean(exclude=["division", "twin_of"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise explain(error) from error
    resident = _same(asked) or _create(asked)
    if phone and villager_group and not resident.villager_group:
        resident.villager_group = villager_group
        resident.save(update_fields=["villager_group"])
    return resident


def find_or_list(*, division: Division, beside: list[Resident], phone: str, **details: str) -> Resident:
    """`find_or_create` for somebody who is none of those in `beside`. Raises RuleBroken `told_apart` too."""
    apart = (details.get("villager_group", ""), details.get("remark", ""))
    if not phone and any(not one.phone and (one.villager_group, one.remark) == apart for one in beside):
        raise RuleBroken(
            _("同名又没有电话的，光看名字分不清。请写村民小组，或者一句分得清的话。"), code="told_apart", field="remark"
        )
    return find_or_create(division=division, phone=phone, **details)


def namesakes(*, division: Division, name: str, phone: str) -> list[Resident]:
    """Who of that village may be meant, to be asked about before somebody is listed anew.

    Without a phone everybody of that name; with one that is not known, those who have none yet.
    """
    alike = Resident.objects.namesakes(division, name).filter(twin_of__isnull=True)
    if not phone:
        return list(alike)
    return [] if alike.filter(phone=phone).exists() else list(alike.filter(phone=""))


def in_use(person: Resident | Callable[[], Resident]) -> Resident:
    """The person, locked until the commit, for whom something is about to be stored: retention then leaves the row.

    A function is called again if retention was faster, and makes a new row. Raises RuleBroken `resident_forgotten` for
    a row that was chosen before. Within a transaction only.
    """
    found = person() if callable(person) else person
    if (callable(person) and found.is_new) or _is_kept(found.pk):
        return found
    if callable(person):
        return person()
    raise RuleBroken(_("这个人的登记刚刚到期清除了。请把姓名和电话再登记一次，接着办。"), code="resident_forgotten")


def _is_kept(pk: int) -> bool:
    return all(not name.startswith(ANONYMOUS) for (name,) in _name_of(pk=pk))


@Prepared
def _name_of(pk: int):
    return Resident.objects.filter(pk=pk).select_for_update(no_key=True).order_by().values_list("name")


def name_account(user: User, resident: Resident) -> None:
    """Give an account that came with a code the name under which it is first used for itself."""
    if not user.name and not user.has_usable_password():
        User.objects.filter(pk=user.pk, name="").update(name=resident.name)
        user.name = resident.name


def _same(asked: Resident) -> Resident | None:
    known = _known(division=asked.division_id, name_key=names.key(asked.name), phone=asked.phone)
    if not asked.phone:
        apart = (asked.villager_group, asked.remark)
        known = [one for one in known if (one.villager_group, one.remark) == apart]
    return known[0] if known else None


@Prepared
def _known(division: int, name_key: str, phone: str):
    alike = Resident.objects.filter(division=division, name_key=name_key, phone=phone, twin_of__isnull=True)
    return alike.order_by("pk")


def _create(asked: Resident) -> Resident:
    # ON CONFLICT DO NOTHING: catching an IntegrityError would leave PostgreSQL's transaction aborted.
    if not _insert([asked]):
        same = _same(asked)
        assert same is not None  # the row that was in the way
        return same
    log_creation(asked)
    asked.is_new = True
    return asked


_insert = PreparedInsert(Resident, skip_known=True)


def link_family(*, user: User, resident: Resident, relation: str, by: User | None = None) -> FamilyLink:
    """Let `user` book for `resident`; an existing link gets the new `relation`. `by`: who has seen that both agree.

    Raises RuleBroken `family_refused` where the resident's own account says no to it, and `resident_forgotten`.
    """
    with transaction.atomic():
        person = in_use(resident)
        is_own = relation == FamilyLink.Relation.SELF
        if not is_own and consents.refuses(Consent.Purpose.FAMILY, resident=person.pk, phone=""):
            sentence = _("本人说过不让家人替约。愿意了，请本人在“我的账户”的“我的资料”里改成同意，再来登记。")
            raise RuleBroken(sentence, code="family_refused")
        return _link_family(user, person, relation, by)


def _link_family(user: User, resident: Resident, relation: str, by: User | None) -> FamilyLink:
    standing = FamilyLink.objects.filter(user=user, resident=resident, ended_at__isnull=True)
    make = partial(FamilyLink.objects.create, user=user, resident=resident, relation=relation, agreed_with=by)
    link = standing.first() or make_once(make, standing.first)
    if link.relation != relation:
        link.relation = relation
        link.save(update_fields=["relation"])
    return link


def end_family_link(*, link: FamilyLink, by: User | None = None) -> None:
    """Soft delete: the row documents who could see whose bookings, and until when."""
    standing = FamilyLink.objects.filter(pk=link.pk, ended_at__isnull=True)
    standing.update(ended_at=timezone.now(), ended_by=by)
