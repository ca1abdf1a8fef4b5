"""Invariants of cases (docs/operations.md, `manage.py check_invariants`)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from appointments.cases.models import Case, CasePause, CaseStage, Level

OPEN = Q(ended_at__isnull=True)


def invariants(now: datetime) -> Iterator[tuple[str, QuerySet]]:
    yield "An open case is at exactly one stage, a closed one at none.", _not_at_one_stage()
    yield "A case's clock is stopped exactly during a pause or at a department.", _clock_mismatch()
    yield "A case past its first stage has been accepted.", _unaccepted()
    yield "A case at a village stage has an owner.", _without_owner()


def _not_at_one_stage() -> QuerySet:
    counted = Case.objects.annotate(held=Count("stages", filter=Q(stages__ended_at__isnull=True)))
    return counted.exclude(Q(closed_at__isnull=True, held=1) | Q(closed_at__isnull=False, held=0))


def _clock_mismatch() -> QuerySet:
    away = CaseStage.objects.filter(OPEN, case=OuterRef("pk"), level=Level.DEPARTMENT)
    paused = CasePause.objects.filter(OPEN, stage__case=OuterRef("pk"), stage__ended_at__isnull=True)
    must_stop = Exists(away) | Exists(paused)
    return Case.objects.filter(Q(stopped_on__isnull=False) & ~must_stop | Q(stopped_on__isnull=True) & must_stop)


def _unaccepted() -> QuerySet:
    return Case.objects.filter(accepted_at__isnull=True, stages__number__gt=1).distinct()


def _without_owner() -> QuerySet:
    return Case.objects.filter(stages__in=CaseStage.objects.filter(OPEN, level=Level.VILLAGE, owner__isnull=True))
