"""Days of centers, computed from what a test has stored."""

from datetime import date

import factory
from django.utils import timezone

from centers.days import keeping
from centers.days.following import together
from centers.models import Center, CenterDay
from tests.factories.centers import CenterFactory, OpeningRuleFactory


class CenterDayFactory(factory.django.DjangoModelFactory):
    """Today, and open in the morning."""

    class Meta:
        model = CenterDay

    center = factory.SubFactory(CenterFactory)
    date = factory.LazyFunction(timezone.localdate)
    openings = [[510, 690, 2, 1, 1]]


def arrange(*centers: Center, first: date | None = None) -> None:
    """Computes the days of these centers as of now, the past ones anew from `first` on."""
    keeping.keep(centers)
    if first:
        CenterDay.objects.filter(center__in=centers, date__gte=first, date__lt=timezone.localdate()).delete()
        keeping.fill_past(centers, first)


def open_on(center: Center, *weekdays: int, **hours) -> None:
    """Opening rules of these weekdays; the days are computed once and not after each rule."""
    with together():
        for weekday in weekdays:
            OpeningRuleFactory(center=center, weekday=weekday, **hours)
