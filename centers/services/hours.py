"""A center's opening hours (OpeningRule rows). The days follow by signal (centers.days.following)."""

from copy import copy

from django.core.exceptions import ValidationError
from django.db import transaction

from centers.days.keeping import lock
from centers.models import OpeningRule
from portal.ui.errors import explain


@transaction.atomic
def save(*, rule: OpeningRule) -> OpeningRule:
    """Store a new or changed rule. Raises RuleBroken when validation fails.

    Validated with the center locked: of two that overlap and are saved at the same moment, the second is refused
    (race condition). The given instance stays unsaved, so that the call can be repeated.
    """
    lock([rule.center])
    stored = copy(rule)
    try:
        stored.full_clean()
    except ValidationError as error:
        raise explain(error) from error
    stored.save()
    return stored


@transaction.atomic
def delete(*, rule: OpeningRule) -> None:
    """Idempotent. The given instance keeps its key, so that the call can be repeated."""
    for stored in OpeningRule.objects.filter(pk=rule.pk):
        stored.delete()
