"""Quiet hours: no SMS or call from 20:30 to 8:00, except urgent ones."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.notifications import quiet, services
from tests import factories

SHANGHAI = ZoneInfo("Asia/Shanghai")
QUIET = (time(20, 30), time(8))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "over"),
    [
        (at(3, 20, 29), None),
        (at(3, 20, 30), at(4, 8)),
        (at(3, 23, 59), at(4, 8)),
        (at(4, 0, 0), at(4, 8)),
        (at(4, 7, 59), at(4, 8)),
        (at(4, 8, 0), None),
    ],
)
def test_quiet_that_crosses_midnight(now, over):
    assert quiet.end_of_quiet(now, *QUIET) == over


@pytest.mark.parametrize(("now", "over"), [(at(3, 12), at(3, 14)), (at(3, 14), None), (at(3, 2), None)])
def test_quiet_within_a_day(now, over):
    assert quiet.end_of_quiet(now, time(12), time(14)) == over


def test_equal_times_mean_no_quiet_at_all():
    assert quiet.end_of_quiet(at(3, 8), time(8), time(8)) is None


@pytest.fixture
def night(db, settings, tmp_path):
    settings.QUIET_HOURS = QUIET
    settings.MESSAGE_OUTBOX = str(tmp_path / "outbox.jsonl")
    return at(3, 22)


@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_at_night_a_notice_waits_until_eight(night, channel):
    message = factories.MessageFactory(channel=channel, due_at=night)
    services.dispatch(at=night)
    message.refresh_from_db()
    assert (message.state, message.ready_at, message.due_at) == ("pending", at(4, 8), night)


def test_and_goes_then(night):
    factories.MessageFactory(due_at=night)
    services.dispatch(at=night)
    assert services.dispatch(at=at(4, 8)) == 1


def test_what_is_urgent_goes_at_once(night):
    factories.MessageFactory(due_at=night, is_urgent=True)
    assert services.dispatch(at=night) == 1


def test_a_sign_in_code_is_urgent(night):
    services.send_login_code("13800005678", "482913", night + timedelta(minutes=5))
    assert services.planning.Message.objects.get().is_urgent
