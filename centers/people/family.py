"""Family links: for whom a signed-in user may book, and whose bookings they see."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from centers.models import FamilyLink, Resident
from centers.people import residents
from portal.accounts.at_the_desk import account_of
from portal.accounts.models import User
from portal.ui import names
from portal.ui.errors import RuleBroken, explain

SELF = FamilyLink.Relation.SELF


def links_of(user: User) -> list[FamilyLink]:
    """The user's own link first, then the family in the order of consent."""
    if not user.is_authenticated:
        return []
    links = FamilyLink.objects.filter(user=user, ended_at__isnull=True).select_related("resident__division")
    if user.asleep_since:  # what was agreed before is the number's earlier owner's until the center has seen them
        links = links.filter(agreed_at__gte=user.asleep_since)
    return sorted(links, key=lambda link: (link.relation != SELF, link.agreed_at, link.pk))


def helpers_of(people: list[int]) -> QuerySet[FamilyLink]:
    """Links of others to these residents: who may book for them and sees what they have."""
    standing = FamilyLink.objects.filter(resident__in=people, ended_at__isnull=True).exclude(relation=SELF)
    return standing.select_related("user", "resident__division").order_by("agreed_at", "pk")


def register(*, resident: Resident, name: str, phone: str, relation: str, by: User) -> FamilyLink:
    """Both are at the desk and agree: the account of this number, made if there is none, may book for the resident.

    Raises RuleBroken `not_oneself`, `other_name`, `account_inactive`, `resident_forgotten`.
    """
    if relation == SELF and names.key(name) != names.key(resident.name):
        sentence = _("“本人”要和登记的姓名一样。是家里人，请选他（她）是本人的什么人。")
        raise RuleBroken(sentence, code="not_oneself", field="relation")
    with transaction.atomic():
        user = account_of(phone=phone, name=name)
        return residents.link_family(user=user, resident=resident, relation=relation, by=by)


def again(*, link: FamilyLink, by: User) -> None:
    """Undo the ending, of whoever works there: what the family has ended, they agree to anew at the center.

    Idempotent. Raises RuleBroken `ended_by_family`, `a_family_link_stands_once`.
    """
    back = FamilyLink.objects.filter(pk=link.pk, ended_by=by)
    try:
        with transaction.atomic():
            undone = back.update(ended_at=None, ended_by=None)
    except IntegrityError as error:
        raise explain(error) from error
    if not undone and FamilyLink.objects.filter(pk=link.pk, ended_at__isnull=False).exists():
        sentence = _("这不是您刚才结束的，不能撤回。要再加上，请两位到场，重新登记一次。")
        raise RuleBroken(sentence, code="ended_by_family")
