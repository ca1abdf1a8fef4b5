"""P4 (retention): phone numbers of former staff and notes on presence reports are erased; rows stay."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from portal import retention
from tests import factories

pytestmark = pytest.mark.django_db

PHONE, NOTE = "13700006789", "问了门口的赵德贵，上午没人"


def days_ago(days: int):
    return timezone.localdate() - timedelta(days=days)


def person(**changes):
    long_ago = days_ago(900)
    return factories.StaffFactory(name="赵书记", phone=PHONE, is_phone_public=True, joined_on=long_ago, **changes)


def checked(days: int, officer):
    then = timezone.now() - timedelta(days=days)
    return factories.PresenceReportFactory(
        at=then, date=then.date(), checked_at=then, checked_by=officer, is_upheld=True, note=NOTE
    )


def test_a_year_after_leaving_the_number_is_forgotten_and_the_name_stays(center):
    gone = person(center=center, left_on=days_ago(366))

    retention.forget_old()

    gone.refresh_from_db()
    assert (gone.phone, gone.is_phone_public, gone.name) == ("", False, "赵书记")
    assert not any(PHONE in str(row) for row in LogEntry.objects.values())


@pytest.mark.parametrize("left", [None, 364])
def test_who_works_there_or_left_lately_keeps_it(center, left):
    here = person(center=center, left_on=left and days_ago(left))

    retention.forget_old()

    here.refresh_from_db()
    assert here.phone == PHONE


def test_what_was_written_on_checking_goes_and_the_finding_stays(officer):
    old, recent = checked(366, officer), checked(364, officer)

    retention.forget_old()

    old.refresh_from_db()
    recent.refresh_from_db()
    assert (old.note, old.is_upheld, old.checked_by) == ("", True, officer)
    assert recent.note == NOTE


def test_forgetting_again_finds_nothing(center, officer):
    person(center=center, left_on=days_ago(366))
    checked(366, officer)

    assert retention.forget_old() == 2
    assert retention.forget_old() == 0


def test_the_terms_are_settings(center, settings):
    settings.RETENTION_DAYS = {**settings.RETENTION_DAYS, "staff_phones": 30}
    gone = person(center=center, left_on=days_ago(31))

    retention.forget_old()

    gone.refresh_from_db()
    assert gone.phone == ""
