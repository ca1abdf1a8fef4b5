from datetime import date, time, timedelta

import factory
from django.utils import timezone

from centers import codes, models
from portal.accounts.roles import Role
from tests.factories.accounts import UserFactory


class DivisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Division
        django_get_or_create = ["code"]

    # Beyond the village of the cast: the sequence of a long run comes round.
    code = factory.Sequence(lambda number: f"990101100{300 + number % 600:03d}")
    name = factory.Sequence(lambda number: f"柳湾{number}村村民委员会")
    level = factory.LazyAttribute(lambda division: codes.level_of(division.code))
    valid_from = date(2020, 1, 1)


class CenterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Center

    division = factory.SubFactory(DivisionFactory)
    name = factory.LazyAttribute(lambda center: f"{center.division.short_name}党群服务中心")
    address = "柳湾村中街12号"
    phone = "0399-5550101"
    resident_population = 1200


class RoomFunctionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.RoomFunction
        django_get_or_create = ["code"]

    code = "library"
    name = "农家书屋"


class RoomFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Room

    center = factory.SubFactory(CenterFactory)
    name = factory.Sequence(lambda number: f"活动室{number}")


class MemberChangeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.MemberChange

    user = factory.SubFactory(UserFactory)
    division = factory.SubFactory(DivisionFactory)
    kind = models.MemberChange.Kind.PRINTED
    by = factory.SubFactory(UserFactory)


class OpeningRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.OpeningRule

    center = factory.SubFactory(CenterFactory)
    weekday = 0
    opens = time(8, 30)
    closes = time(11, 30)


class CalendarDayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.CalendarDay
        django_get_or_create = ["date"]

    date = date(2026, 12, 7)
    kind = models.CalendarDay.Kind.WORKDAY


class HolidayNoticeFactory(factory.django.DjangoModelFactory):
    """A row that has changed no day; `centers.holidays.services.enter` changes the calendar."""

    class Meta:
        model = models.HolidayNotice

    year = factory.LazyFunction(lambda: timezone.localdate().year + 1)
    way = models.HolidayNotice.Way.TEXT
    text = "元旦：1月1日放假。"
    before = factory.LazyAttribute(lambda notice: {f"{notice.year}-01-01": ["workday", "", True]})
    after = factory.LazyAttribute(lambda notice: {f"{notice.year}-01-01": ["holiday", "元旦", False]})
    key = factory.Faker("uuid4")
    entered_by = factory.SubFactory(UserFactory)


class RuleChangeFactory(factory.django.DjangoModelFactory):
    """A row; `centers.rules.services.change` checks it (tests.rules.set_rule)."""

    class Meta:
        model = models.RuleChange

    name = "BOOKING_HORIZON_DAYS"
    number = 1
    value = 20
    valid_from = factory.LazyFunction(timezone.localdate)
    reason = "县里开会定的"
    key = factory.Faker("uuid4")
    set_by = factory.SubFactory(UserFactory)


class MarketRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.MarketRule

    division = factory.SubFactory(DivisionFactory)
    calendar = models.MarketRule.Calendar.LUNAR
    digits = "3,8"


class MarketDayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.MarketDay

    rule = factory.SubFactory(MarketRuleFactory)
    date = date(2026, 12, 6)


class ClosureNoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ClosureNotice

    center = factory.SubFactory(CenterFactory)
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=3))
    ends_at = factory.LazyAttribute(lambda closure: closure.starts_at + timedelta(hours=8))
    reason = models.ClosureNotice.Reason.FARMING_PEAK

    class Params:
        approved = factory.Trait(
            approved_at=factory.LazyFunction(timezone.now), approved_by=factory.SubFactory(UserFactory)
        )


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Membership

    user = factory.SubFactory(UserFactory)
    division = factory.SubFactory(DivisionFactory)
    role = Role.PROXY_AGENT


class GroupTagFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.GroupTag
        django_get_or_create = ["code"]

    code = "elderly"
    name = "老年人"


class ResidentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Resident

    division = factory.SubFactory(DivisionFactory)
    name = "王桂兰"
    phone = factory.Sequence(lambda number: f"138{number:08d}")


class JoinedResidentFactory(factory.django.DjangoModelFactory):
    """A record; `centers.people.joining.join` also moves what pointed there."""

    class Meta:
        model = models.JoinedResident

    kept = factory.SubFactory(ResidentFactory)
    former_pk = factory.Sequence(lambda number: 1_000_000 + number)
    name = factory.SelfAttribute("kept.name")
    phone = factory.SelfAttribute("kept.phone")


class FamilyLinkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.FamilyLink

    user = factory.SubFactory(UserFactory)
    resident = factory.SubFactory(ResidentFactory)
    relation = models.FamilyLink.Relation.CHILD


class CorrectedResidentFactory(factory.django.DjangoModelFactory):
    """A record; `centers.people.correcting.correct` also changes the person."""

    class Meta:
        model = models.CorrectedResident

    resident = factory.SubFactory(ResidentFactory)
    before = factory.LazyAttribute(lambda step: {**step.after, "name": "王桂蓝"})
    after = factory.LazyAttribute(
        lambda step: {name: getattr(step.resident, name) for name in ("name", "phone", "villager_group", "remark")}
    )
    by = factory.SubFactory(UserFactory)


class ConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Consent

    user = factory.SubFactory(UserFactory)
    purpose = models.Consent.Purpose.REMINDERS
    version = 1
    agrees = False


class ErasureFactory(factory.django.DjangoModelFactory):
    """A wish; `centers.people.erasing` carries it out."""

    class Meta:
        model = models.Erasure

    resident = factory.SubFactory(ResidentFactory)
    account = factory.SubFactory(UserFactory)


class ApiTokenFactory(factory.django.DjangoModelFactory):
    """A row; `centers.services.tokens.issue` also gives the secret."""

    class Meta:
        model = models.ApiToken

    membership = factory.SubFactory(MembershipFactory)
    name = "县热线"
    start = "jmk_abcdef"
    digest = factory.Faker("sha256")


class FormerCodeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.FormerCode

    center = factory.SubFactory(CenterFactory)
    code = factory.Sequence(lambda number: f"990101109{300 + number % 600:03d}")
    until = date(2026, 1, 1)


class SuccessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Succession

    old = factory.SubFactory(DivisionFactory, valid_to=date(2026, 1, 1))
    new = factory.SubFactory(DivisionFactory)
    kind = models.Succession.Kind.RECODED
    on = date(2026, 1, 1)


class DefaultHoursFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.DefaultHours

    division = factory.SubFactory(DivisionFactory)


class SheetUploadFactory(factory.django.DjangoModelFactory):
    """A sheet that was checked and has nothing wrong, and no rows; `centers.sheets.services.receive` reads a file."""

    class Meta:
        model = models.SheetUpload

    kind = models.SheetUpload.Kind.ROOMS
    name = "房间.xlsx"
    by = factory.SubFactory(UserFactory)
    key = factory.Sequence(lambda number: f"{number:032x}")
    read_at = checked_at = factory.LazyFunction(timezone.now)


class SheetFileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.SheetFile

    upload = factory.SubFactory(SheetUploadFactory)
    data = b"PK"


class SheetPartFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.SheetPart

    upload = factory.SubFactory(SheetUploadFactory)
    number = factory.Sequence(int)
