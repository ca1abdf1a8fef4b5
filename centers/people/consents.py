"""What somebody may say no to, purpose by purpose, and what it does at once.

Source: Personal Information Protection Law, Art. 14 to 16: consent is for a purpose, is asked for again when the
purpose changes (`VERSIONS`), and is withdrawn as easily as it was given; what a service cannot do without needs none
(Art. 13). Our defaults: without an answer reminders and invitations to rate are sent, as the slip says, and family is
linked where both agree at the center.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from centers.models import Consent, FamilyLink, Resident
from centers.people.messages import person_of
from portal import locking
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.ui.errors import Changed

Purpose = Consent.Purpose
# Raised when the words below change: who agreed is asked anew, who said no is left alone.
VERSIONS = {Purpose.REMINDERS: 1, Purpose.RATINGS: 1, Purpose.FAMILY: 1}
# The kinds of messages that are for nothing else. Kinds are opaque here; the apps above define them.
KINDS = {Purpose.REMINDERS: ("reminder",), Purpose.RATINGS: ("rate",), Purpose.FAMILY: ()}
_WORDS = {
    Purpose.REMINDERS: (
        _("用您的姓名、号码和约好的时间，在来办事以前提醒您。"),
        _("不再提醒您，请自己记好时间；约好了、改了、取消了照样告诉您。"),
    ),
    Purpose.RATINGS: (
        _("办完以后发一条消息，请您说说办得怎么样。"),
        _("不再请您评价；想评的时候，用电话和预约码照样能评。"),
    ),
    Purpose.FAMILY: (
        _("在中心登记过的家人能替您约、改、取消，看得到您的预约、代办和消息。"),
        _("登记过的家人马上看不到、也不能替您约了；以后也登记不上，直到您又同意。"),
    ),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for a purpose: `answer` is None where nothing was said; `is_new` where it was said to older words."""

    purpose: Purpose
    answer: Consent | None

    @property
    def agrees(self) -> bool:
        return self.answer is None or self.answer.agrees

    @property
    def version(self) -> int:
        return VERSIONS[self.purpose]

    @property
    def is_new(self) -> bool:
        return self.answer is not None and self.answer.agrees and self.answer.version < self.version

    @property
    def about(self) -> str | Promise:
        return _WORDS[self.purpose][0]

    @property
    def without(self) -> str | Promise:
        """What saying no does."""
        return _WORDS[self.purpose][1]


def standing_of(user: User) -> list[Standing]:
    found = {answer.purpose: answer for answer in user.consents.filter(ended_at__isnull=True)}
    return [Standing(purpose, found.get(purpose)) for purpose in Purpose]


def answer(*, user: User, purpose: str, agrees: bool, version: int) -> Consent:
    """Store the answer, and do at once what a no does. The same answer to the same words again changes nothing.

    Raises Changed if the words are others by now than those that were shown.
    """
    purpose = Purpose(purpose)
    if version != VERSIONS[purpose]:
        raise Changed
    with transaction.atomic():
        locking.lock(User, [user.pk], no_key=True)
        now = timezone.now()
        standing = user.consents.filter(purpose=purpose, ended_at__isnull=True).first()
        if standing and (standing.agrees, standing.version) == (agrees, version):
            return standing
        user.consents.filter(purpose=purpose, ended_at__isnull=True).update(ended_at=now)
        given = Consent.objects.create(user=user, purpose=purpose, agrees=agrees, version=version, at=now)
        if not agrees:
            _stop(user, purpose)
    return given


def own_residents(user: User) -> list[int]:
    """Whom an account is itself, as the center has registered it. Nobody for one that sleeps."""
    own = FamilyLink.objects.filter(user=user, relation=FamilyLink.Relation.SELF, ended_at__isnull=True)
    if user.asleep_since:
        own = own.filter(agreed_at__gte=user.asleep_since)
    return sorted(own.values_list("resident", flat=True))


def refusals(purpose: Purpose) -> QuerySet[Consent]:
    return Consent.objects.filter(purpose=purpose, agrees=False, ended_at__isnull=True)


def is_refused(purpose: Purpose) -> Q:
    """Condition for rows with `resident` and `phone`: the person says no, or who has proven that number."""
    self_link = {"relation": FamilyLink.Relation.SELF, "ended_at__isnull": True}
    links = FamilyLink.objects.filter(resident=OuterRef("resident"), user__in=refusals(purpose).values("user"))
    by_number = refusals(purpose).filter(user__phone=OuterRef("phone"), user__phone_verified_at__isnull=False)
    return Q(Exists(links.filter(**self_link))) | Q(Exists(by_number))


def refuses(purpose: Purpose, *, resident: int, phone: str) -> bool:
    """The same for one person and number."""
    self_link = Q(
        user__family_links__resident=resident,
        user__family_links__relation=FamilyLink.Relation.SELF,
        user__family_links__ended_at__isnull=True,
    )
    by_number = Q(user__phone=phone, user__phone_verified_at__isnull=False) if phone else Q(pk__in=[])
    return refusals(purpose).filter(self_link | by_number).exists()


def _stop(user: User, purpose: Purpose) -> None:
    own = own_residents(user)
    if purpose == Purpose.FAMILY:
        # In the order of those who link: a link that is being registered is ended, or refused.
        locking.lock(Resident, own, no_key=True)
        others = FamilyLink.objects.filter(resident__in=own, ended_at__isnull=True)
        others.exclude(relation=FamilyLink.Relation.SELF).update(ended_at=timezone.now(), ended_by=user)
        return
    phones = [user.phone] if user.phone and user.phone_verified_at else []
    people = [person_of(Resident(pk=pk)) for pk in own]
    notifications.withdraw(people=people, addresses=phones, kinds=KINDS[purpose])
