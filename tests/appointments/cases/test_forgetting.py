"""P4: retention: five years after closing a case is anonymous; its days and outcome stay for statistics."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from appointments.cases import services as cases
from appointments.models import Case, CasePause, CaseStage, CaseStep, CaseTransfer
from portal import retention
from portal.notifications.models import Message
from tests.appointments.cases.carrying import now, open_case, seen

pytestmark = pytest.mark.django_db
FIVE_YEARS = timedelta(days=5 * 365 + 2)


@pytest.fixture
def closed(center, proxy_item, resident, cadre, manager, officer):
    case = open_case(center, proxy_item, resident, cadre, contact_name="王建军", relation="child")
    cases.pause(case=case, seen=seen(case), by=cadre, reason="villager", evidence="王桂兰本人签字")
    cases.resume(case=case, seen=seen(case), by=cadre)
    cases.take_over(case=now(case), reason="王桂兰要求换人", by=manager)
    cases.forward(case=case, seen=seen(case), by=manager)
    cases.return_to_village(case=case, seen=seen(case), by=officer, reason="王桂兰没有签字")
    cases.finish(case=case, seen=seen(case), by=manager, outcome="done", note="王桂兰，卡已开通")
    cases.hand_over(case=case, by=manager, to="王建军", trips_saved=1)
    return case


def test_names_go_and_days_stay(closed):
    assert retention.forget_old(timezone.now() + FIVE_YEARS) > 0
    tables = (Case, CaseStage, CasePause, CaseTransfer, CaseStep, Message, LogEntry)
    rows = [str(row) for table in tables for row in table.objects.values()]
    assert not [row for row in rows for word in ("王桂兰", "王建军", "13800005678") if word in row]
    assert (Case.objects.get().outcome, CaseStage.objects.filter(used_days__isnull=False).exists()) == ("done", True)


def test_its_link_is_dead(closed, client):
    retention.forget_old(timezone.now() + FIVE_YEARS)
    assert client.get(f"/cases/{closed.link}/").status_code == 404


def test_before_that_the_person_is_kept_with_the_case(closed, resident):
    retention.forget_old(timezone.now() + timedelta(days=4 * 365))
    resident.refresh_from_db()
    assert (resident.name, now(closed).phone) == ("王桂兰", "13800005678")


def test_an_open_case_is_never_forgotten(case):
    retention.forget_old(timezone.now() + 2 * FIVE_YEARS)
    assert now(case).phone


def test_forgetting_again_finds_nothing(closed):
    retention.forget_old(timezone.now() + FIVE_YEARS)
    assert retention.forget_old(timezone.now() + FIVE_YEARS) == 0
