"""The owner of a case. It can change; the first owner stays accountable (首问责任)."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from appointments.cases.models import Case, CaseStage, CaseStep, CaseTransfer, Level
from appointments.cases.services.stages import Now, log
from centers.models import Center, Membership
from portal.accounts.models import User
from portal.accounts.roles import Permission, roles_with
from portal.ui.errors import Changed, RuleBroken


def handlers_at(center: Center) -> QuerySet[User]:
    """Staff who may handle cases at this center; nobody whose account sleeps, who could not open the case."""
    held = Membership.objects.awake().filter(division=center.division_id, role__in=roles_with(Permission.HANDLE_CASES))
    return User.objects.filter(pk__in=held.values("user")).order_by("name", "pk")


def transfer(*, case: Case, to: User, reason: str, by: User) -> Case:
    """Transfer to a colleague of the center. Raises RuleBroken `not_a_handler`, `same_owner`, `closed`, Changed."""
    return _change_owner(case, to, reason, by, CaseTransfer.Kind.TRANSFER)


def take_over(*, case: Case, reason: str, by: User) -> Case:
    """The backup or another handler replaces an owner who is away (AB岗). Raises as `transfer`."""
    return _change_owner(case, by, reason, by, CaseTransfer.Kind.TAKEOVER)


@transaction.atomic
def _change_owner(case: Case, to: User, reason: str, by: User, kind: str) -> Case:
    seen = case.owner
    if seen == to:
        raise RuleBroken(_("这件事已经在%(name)s手上了，不用再转。") % {"name": to}, code="same_owner", field="to")
    case = Case.objects.locked(case.pk)
    if case.closed_at:
        raise RuleBroken(_("这件事已经办结，不用再转。"), code="closed")
    # Of two who take it over at once, the second saw an owner who is none any more.
    if case.owner != seen:
        raise Changed(_("这件事刚刚转到%(name)s手上了，您这一下没有生效。请看看还要不要转。") % {"name": case.owner})
    # Asked here and not before: a role may have ended since the page with the names was shown.
    if kind == CaseTransfer.Kind.TRANSFER and not handlers_at(case.center).filter(pk=to.pk).exists():
        raise RuleBroken(_("只能转给本中心的代办员或负责人。请另选一个人。"), code="not_a_handler", field="to")
    case.owner = to
    case.save(update_fields=["owner"])
    CaseStage.objects.filter(case=case, level=Level.VILLAGE, ended_at__isnull=True).update(owner=to)
    now = Now.read()
    made = CaseTransfer.objects.create(
        case=case, from_user=seen, to_user=to, kind=kind, reason=reason, at=now.at, by=by
    )
    said = _("%(from)s → %(to)s，%(reason)s") % {"from": seen, "to": to, "reason": reason}
    log(case, CaseStep.Kind.TRANSFERRED, now, by, f"{made.get_kind_display()} {said}", level=Level.VILLAGE)
    return case
