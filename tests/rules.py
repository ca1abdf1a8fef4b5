"""Rules of a division, as the page stores them."""

from datetime import date
from typing import Any

from django.utils import timezone

from centers.models import Division, RuleChange
from centers.rules import reading
from centers.rules.declared import rules
from centers.rules.services import change, last_of
from portal.ui.idempotency import new_key
from tests import factories


def set_rule(name: str, value: Any, division: Division | None, on: date | None = None) -> RuleChange:
    last = last_of(rules()[name], division)
    made = change(
        rule=rules()[name],
        division=division,
        value=value,
        valid_from=on or timezone.localdate(),
        reason="试一试",
        seen=last.number if last else 0,
        key=new_key(),
        by=factories.UserFactory(),
    )
    reading.keep(reading._read(), float("inf"))
    return made
