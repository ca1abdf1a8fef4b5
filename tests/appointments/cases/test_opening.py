"""Opening a case from a visit, a call or an appointment in three taps; idempotent."""

import pytest
from django.urls import reverse

from appointments.cases import services as cases
from appointments.models import Case
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.cases.carrying import PAPERS, now, open_case
from tests.appointments.steps import book
from tests.factories.appointments import at
from tests.said import words_of

pytestmark = pytest.mark.django_db


def checklist(resident, item) -> str:
    return reverse("desk_case_open", args=[resident.pk, item.code])


def test_with_all_papers_it_is_accepted_at_once(case):
    assert (case.state, case.accepted_as, case.promised_on is not None) == ("village", "complete", True)


def test_without_them_no_promise_runs(unready):
    assert (unready.state, unready.accepted_at, unready.promised_on) == ("checking", None, None)


def test_whoever_takes_it_on_is_first_owner(case, cadre):
    assert (case.first_owner, case.owner, case.stage.owner) == (cadre, cadre, cadre)


def test_the_same_form_twice_opens_one(center, proxy_item, resident, cadre):
    first, second = (open_case(center, proxy_item, resident, cadre, key="a" * 32) for _time in range(2))
    assert (first, Case.objects.count()) == (second, 1)


def test_a_used_form_does_not_open_another_matter(center, proxy_item, item, resident, cadre):
    open_case(center, proxy_item, resident, cadre, key="a" * 32)
    with pytest.raises(RuleBroken) as refusal:
        open_case(center, item, resident, cadre, key="a" * 32)
    assert refusal.value.code == "key_reused"


def test_a_colleague_is_the_backup_and_never_oneself(center, proxy_item, resident, cadre, manager):
    assert open_case(center, proxy_item, resident, cadre, backup=manager).backup == manager
    with pytest.raises(RuleBroken):
        open_case(center, proxy_item, resident, cadre, backup=cadre)


def test_the_code_goes_out_by_message(case):
    assert case.code in words_of(kind="case_opened", channel="sms")


def test_the_desk_goes_from_a_person_over_the_matter_to_the_checklist(signed_in, cadre, center, proxy_item, resident):
    client = signed_in(cadre)
    page = client.get(reverse("desk_case_who"), {"q": "王桂兰"}).content.decode()
    assert reverse("desk_case_item", args=[resident.pk]) in page
    page = client.get(reverse("desk_case_item", args=[resident.pk])).content.decode()
    assert checklist(resident, proxy_item) in page
    assert "户口簿" in client.get(checklist(resident, proxy_item)).content.decode()


def test_a_person_who_is_not_listed_is_written_down_on_the_way(signed_in, cadre, center):
    answer = signed_in(cadre).post(reverse("desk_case_who"), {"name": "赵铁柱", "phone": "13700001111"})
    assert answer["Location"].startswith("/desk/cases/new/")


def test_an_appointment_is_turned_into_a_case_in_two_taps(signed_in, cadre, slot, proxy_item, resident):
    booked, client = book(slot, proxy_item, resident), signed_in(cadre)
    address = reverse("desk_case_from", args=[booked.pk])
    assert address in client.get(reverse("desk_appointment", args=[booked.pk])).content.decode()
    key = client.get(address).context["form"]["key"].value()
    client.post(address, {"there": PAPERS, "phone": resident.phone, "key": key})
    case = Case.objects.get()
    assert (case.appointment, case.source, case.state) == (booked, "appointment", "village")


def test_an_appointment_that_has_a_case_leads_to_it(signed_in, cadre, slot, proxy_item, resident, center):
    booked = book(slot, proxy_item, resident)
    case = open_case(center, proxy_item, resident, cadre, appointment=booked)
    answer = signed_in(cadre).get(reverse("desk_case_from", args=[booked.pk]))
    assert answer["Location"] == reverse("desk_case", args=[case.pk])


def test_the_desk_card_of_a_person_leads_there(signed_in, cadre, center, proxy_item, resident):
    today = factories.AppointmentFactory(center=center, item=proxy_item, resident=resident, starts_at=at(0, 9))
    assert reverse("desk_case_from", args=[today.pk]) in signed_in(cadre).get("/desk/").content.decode()


def test_a_helper_is_written_down_with_what_they_are(signed_in, cadre, center, proxy_item, resident):
    client = signed_in(cadre)
    key = client.get(checklist(resident, proxy_item)).context["form"]["key"].value()
    words = {"source": "call", "contact_name": "王建军", "relation": "child", "key": key}
    client.post(checklist(resident, proxy_item), words)
    case = Case.objects.get()
    assert (case.contact_name, case.relation, case.source, case.state) == ("王建军", "child", "call", "checking")


def test_a_key_of_another_matter_is_given_up(signed_in, cadre, center, item, proxy_item, resident):
    client, form = signed_in(cadre), {"source": "call", "key": "f" * 32}
    client.post(checklist(resident, proxy_item), form)

    refused = client.post(checklist(resident, item), form)
    assert refused.status_code == 409
    assert (
        client.post(checklist(resident, item), form | {"key": refused.context["form"]["key"].value()}).status_code
        == 302
    )


def test_an_unknown_paper_is_refused_with_a_sentence(signed_in, cadre, center, proxy_item, resident):
    answer = signed_in(cadre).post(checklist(resident, proxy_item), {"there": ["别的"], "source": "call", "key": "k"})
    assert "还差一点" in answer.content.decode()
    assert not Case.objects.exists()


def test_an_item_without_papers_needs_none(center, item, resident, cadre):
    item.materials = []
    item.save()
    assert open_case(center, item, resident, cadre).state == "village"


def test_the_code_is_not_that_of_a_booking_of_the_center(center, proxy_item, resident, cadre, monkeypatch):
    factories.AppointmentFactory(center=center, item=proxy_item, resident=resident, code="482913")
    drawn = iter(["482913", "482914"])
    monkeypatch.setattr("appointments.cases.services.opening.new_code", lambda: next(drawn))
    assert now(open_case(center, proxy_item, resident, cadre)).code == "482914"


def test_handlers_are_those_of_the_center(center, cadre, manager, officer):
    assert set(cases.handlers_at(center)) == {cadre, manager}
