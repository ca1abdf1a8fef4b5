"""What a change touches: how many centers, who below has a value of their own, and what the rule's subject adds."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.module_loading import import_string

from centers import codes
from centers.models import Center, Division, RuleChange
from centers.rules.declared import Rule

LISTED = 8


@dataclass(frozen=True)
class Effects:
    centers: int  # for which the value counts
    own: list[Division]  # below, with a value of their own
    more: int  # of those, how many are not in `own`
    sentences: list[str]


def effects_of(rule: Rule, place: Division | None, value: Any, first: date) -> Effects:
    centers, changes = Center.objects.standing(), RuleChange.objects.filter(name=rule.name, division__isnull=False)
    if place:
        centers = centers.filter(division__code__range=codes.span(place.code))
        changes = changes.filter(division__code__range=codes.span(place.code)).exclude(division=place)
    own: dict[int, RuleChange] = {}
    for change in changes.filter(valid_from__lte=first).select_related("division").order_by("valid_from", "number"):
        own[change.division_id] = change
    standing = [change.division for change in own.values() if change.value is not None]
    for division in standing:
        centers = centers.exclude(division__code__range=codes.span(division.code))
    sentences = import_string(rule.touched)(rule, place, value, first) if rule.touched else []
    return Effects(centers.count(), standing[:LISTED], len(standing[LISTED:]), sentences)
