"""Every message about every item of the catalog fits into one SMS of 70 characters, signature included."""

import pytest

from appointments.cases import messages
from appointments.cases.subjects import SUBJECT
from appointments.catalog import starter
from appointments.models import Case, CaseMaterial
from tests import factories
from tests.factories.appointments import at
from tests.said import texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def items(county):
    starter.adopt(division=county)
    return list(county.service_items.all())


def sms(planned, case) -> str:
    """What the row of the database says by now: it must hold."""
    row = Case.objects.for_messages().get(pk=case.pk)
    return texts(planned, SUBJECT, row)["sms"]


@pytest.mark.once
def test_no_message_is_longer_than_one_sms(items, center, village, cadre):
    someone = factories.ResidentFactory(division=village, name="阿卜杜热西提·买买提明")
    for item in items:
        case = factories.CaseFactory(center=center, item=item, resident=someone)
        stage = factories.CaseStageFactory(case=case, level="department", office="县退役军人事务局", owner=None)
        CaseMaterial.objects.bulk_create(CaseMaterial(case=case, name=name) for name in item.materials or ["身份证"])
        said = [sms(plan(case, at(0, 9)), case) for plan in (messages.opened, messages.missing, messages.forwarded)]
        type(stage).objects.filter(pk=stage.pk).update(ended_at=stage.started_at, outcome="finished")
        for outcome in ("done", "refused", "not_possible", "withdrawn"):
            note = "不满60周岁，明年3月再来办，到时候带上身份证和户口簿"
            Case.objects.filter(pk=case.pk).update(closed_at=at(0, 10), outcome=outcome, result_note=note)
            said.append(sms(messages.finished(case, at(0, 10)), case))
        assert [(len(body), body) for body in said if len(body) > 70] == []


def test_the_inbox_has_the_whole_list(items, center, resident):
    item = next(item for item in items if item.code == "dibao")
    case = factories.CaseFactory(center=center, item=item, resident=resident)
    CaseMaterial.objects.bulk_create(CaseMaterial(case=case, name=name) for name in item.materials)
    inbox = texts(messages.missing(case, at(0, 9)), SUBJECT, case)["inbox"]
    assert all(name in inbox for name in item.materials)


def test_a_landline_is_called(center, item, village):
    someone = factories.ResidentFactory(division=village, phone="0399-5550199")
    case = factories.CaseFactory(center=center, item=item, resident=someone)
    assert [message.channel for message in messages.opened(case, at(0, 9))] == ["inbox", "voice"]
