"""Helpers of the tests of cases."""

import uuid

from appointments.cases import services as cases
from appointments.models import Case, Source

PAPERS = ["身份证", "户口簿"]


def open_case(center, item, resident, by, **changes) -> Case:
    values = {"source": Source.WALK_IN, "key": uuid.uuid4().hex, "there": item.materials, **changes}
    return cases.open_case(center=center, item=item, resident=resident, by=by, **values)


def now(case: Case) -> Case:
    """Reloaded from the database."""
    return Case.objects.for_pages().get(pk=case.pk)


def seen(case: Case) -> int:
    """The pk of the open stage, as shown on the screen."""
    return now(case).stage.pk
