"""Every message about every item of the catalog fits into one SMS of 70 characters, signature included."""

import pytest

from appointments.cases import messages as case_messages
from appointments.catalog import services as catalog
from appointments.models import CaseMaterial
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def items(county):
    catalog.adopt(division=county)
    return list(county.service_items.all())


def sms(messages) -> list[str]:
    return [message.body for message in messages if message.channel == "sms"]


def test_no_message_is_longer_than_one_sms(items, center, village):
    someone = factories.ResidentFactory(division=village, name="阿卜杜热西提·买买提明")
    for item in items:
        case = factories.CaseFactory(center=center, item=item, resident=someone)
        factories.CaseStageFactory(case=case, level="department", office="县退役军人事务局", owner=None)
        papers = [CaseMaterial(case=case, name=name) for name in item.materials] or [CaseMaterial(name="身份证")]
        said = [case_messages.opened(case, at(0, 9)), case_messages.missing(case, papers, at(0, 9))]
        said.append(case_messages.forwarded(case, at(0, 9)))
        for outcome in ("done", "refused", "not_possible", "withdrawn"):
            case.outcome, case.result_note = outcome, "不满60周岁，明年3月再来办，到时候带上身份证和户口簿"
            said.append(case_messages.finished(case, at(0, 9)))
        assert [(len(body), body) for messages in said for body in sms(messages) if len(body) > 70] == []


def test_the_inbox_has_the_whole_list(items, center, resident):
    item = next(item for item in items if item.code == "dibao")
    case = factories.CaseFactory(center=center, item=item, resident=resident)
    inbox, _sms = case_messages.missing(case, [CaseMaterial(name=name) for name in item.materials], at(0, 9))
    assert all(name in inbox.body for name in item.materials)


def test_a_landline_is_called(center, item, village):
    someone = factories.ResidentFactory(division=village, phone="0399-5550199")
    case = factories.CaseFactory(center=center, item=item, resident=someone)
    assert [message.channel for message in case_messages.opened(case, at(0, 9))] == ["inbox", "voice"]
