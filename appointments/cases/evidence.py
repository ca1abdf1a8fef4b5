"""Evidence of duty from cases: a step handled at the desk (settings.EVIDENCE_SOURCES)."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from appointments.cases import lists
from centers.duty.evidence import Proof, half_of


def steps(centers: list[int], start: datetime, end: datetime) -> Iterable[Proof]:
    """Steps handled at the village's desk; the township's steps prove nothing about the desk."""
    for center, _who, moment in lists.steps_at_desks(centers, start, end):
        yield Proof(half_of(center, moment), _("代办走了一步"), moment)
