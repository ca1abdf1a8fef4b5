"""Retention: anonymizing cases. Stages, their days and the outcome are kept for statistics."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.cases import own
from appointments.cases.messages import subject_of
from appointments.cases.models import Case, CasePause, CaseStage, CaseStep, CaseTransfer
from centers.people.retention import Traces
from portal.notifications import services as notifications
from portal.retention import ANONYMOUS, GONE, Rule, forget_history, numbered, overdue


def rules(at: datetime) -> Iterator[Rule]:
    past = overdue(at, "cases", "closed_at", "center__division__code")
    yield Rule(Case.objects.filter(past).exclude(link__startswith=GONE), _forget)


def _forget(pks: list[int]) -> None:
    """Deletes who it was and the free text about them."""
    rows = Case.objects.filter(pk__in=pks)
    rows.update(phone="", contact_name="", result_note="", handed_over_to="", link=numbered(GONE))
    CaseStage.objects.filter(case__in=pks).exclude(note="").update(note=ANONYMOUS)
    stages = list(CaseStage.objects.filter(case__in=pks).values_list("pk", flat=True))
    CasePause.objects.filter(stage__in=stages).update(evidence=ANONYMOUS)
    CaseTransfer.objects.filter(case__in=pks).update(reason=ANONYMOUS)
    CaseStep.objects.filter(case__in=pks).update(note="")
    forget_history(rows)
    notifications.forget(subjects=[subject_of(Case(pk=pk)) for pk in pks])


def _needed(at: datetime) -> Q:
    """Residents with a case within its retention period."""
    return Q(Exists(Case.objects.filter(resident=OuterRef("pk")).exclude(link__startswith=GONE)))


def _clashes(keep: int, gone: int) -> list[str | Promise]:
    """Two open cases may be one matter that was opened twice."""
    opened = Case.objects.filter(closed_at__isnull=True)
    if opened.filter(resident=keep).exists() and opened.filter(resident=gone).exists():
        return [_("两边都有没办完的代办，请先办完或撤回一个。")]
    return []


def _reached(pk: int, phone: str) -> list[QuerySet]:
    return [Case.objects.needing_somebody().filter(resident=pk, phone=phone).select_related("item").order_by("pk")]


def _erase(pks: list[int]) -> None:
    """Those that are over; the person is erased only when no case is open."""
    _forget(list(Case.objects.filter(resident__in=pks).exclude(link__startswith=GONE).values_list("pk", flat=True)))


traces = Traces(
    _needed,
    clashes=_clashes,
    reached=_reached,
    stored=own.stored,
    ahead=own.ahead,
    holds=own.holds,
    erase=_erase,
)
