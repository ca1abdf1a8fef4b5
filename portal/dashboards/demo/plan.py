"""Parameters of the demo data, and state shared while generating."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.conf import settings
from django.utils import timezone

from appointments.catalog.models import ServiceItem
from centers.models import Center, Resident
from portal.accounts.models import User
from portal.dashboards.demo import cast as casting
from portal.dashboards.demo import profiles


@dataclass(frozen=True, slots=True)
class Plan:
    villages: int | None
    days: int
    seed: int
    under: str | None
    now: datetime

    @property
    def span(self) -> tuple[date, date]:
        today = timezone.localdate(self.now)
        return today - timedelta(days=self.days), today + timedelta(days=settings.BOOKING_HORIZON_DAYS)


@dataclass(slots=True)
class Site:
    """A center being generated."""

    number: int
    center: Center
    profile: profiles.Profile
    rng: Random
    staff: list[User]
    residents: list[Resident]
    elders: list[Resident]


@dataclass(frozen=True, slots=True)
class Shared:
    """State shared by all centers."""

    plan: Plan
    functions: Mapping[str, int]
    groups: Mapping[str, int]
    items: Mapping[str, list[ServiceItem]]
    markets: Mapping[str, set[date]]
    cast: casting.Cast
