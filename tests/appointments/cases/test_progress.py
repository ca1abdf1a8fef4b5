"""The villager's page of a case: state, what it is waiting for, days left, in plain words and by link."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.cases import services as cases
from tests import factories
from tests.appointments.cases.carrying import now, open_case, seen
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


def page(client, case) -> str:
    return client.get(reverse("case", args=[case.link])).content.decode()


def test_what_is_missing_is_listed(client, unready, cadre):
    cases.tell_missing(case=unready, seen=seen(unready), by=cadre)
    assert "等您补材料：户口簿" in page(client, unready)


def test_in_the_village_it_says_who_and_until_when(client, case):
    text = page(client, case)
    assert "正在办" in text
    assert "前要送到镇里" in text
    assert "还剩10个工作日" in text


def test_in_the_township_it_says_whether_somebody_has_taken_it(client, case, cadre, officer):
    cases.forward(case=case, seen=seen(case), by=cadre)
    assert "等他们签收" in page(client, case)
    cases.acknowledge(case=case, seen=seen(case), by=officer)
    assert "在镇里，" in page(client, case)


def test_at_a_department_it_says_which_and_that_our_time_stands(client, case, cadre):
    cases.send_to_department(case=case, seen=seen(case), by=cadre, office="县民政局", expected_on=at(9, 0).date())
    text = page(client, case)
    assert "在县民政局办" in text
    assert "他们说" in text
    assert "先停着，还剩10个工作日" in text


def test_a_pause_is_shown_with_its_reason_and_evidence(client, case, cadre):
    cases.pause(case=case, seen=seen(case), by=cadre, reason="publicity", evidence="公示第3号")
    assert "依规公示（公示第3号）" in page(client, case)


def test_what_is_late_says_by_how_much(client, case, time_machine):
    time_machine.move_to(at(40, 9))
    assert "超了" in page(client, case)


def test_what_is_done_says_where_to_fetch_it(client, case, cadre):
    cases.finish(case=case, seen=seen(case), by=cadre, outcome="done")
    assert "请到中心领取" in page(client, case)


def test_the_way_says_who_had_it_and_for_how_long(client, case, cadre):
    cases.forward(case=case, seen=seen(case), by=cadre)
    assert "用了0个工作日，期限3个" in page(client, case)


def test_a_step_that_begins_on_the_last_day_says_so(client, case, cadre):
    cases.forward(case=case, seen=seen(case), by=cadre)
    case.stages.filter(ended_at__isnull=False).update(limit_days=0)
    assert "用了0个工作日，来的当天就到期" in page(client, case)


def test_names_and_numbers_are_masked(client, case):
    text = page(client, case)
    assert "王*兰" in text
    assert "王桂兰" not in text
    assert "13800005678" not in text


def test_an_unknown_link_is_not_found_and_a_known_one_is_not_kept(client, case):
    assert client.get("/cases/no-such-link/").status_code == 404
    answer = client.get(reverse("case", args=[case.link]))
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex")


def test_phone_and_code_lead_to_it(client, case):
    answer = client.post("/bookings/", {"phone": "138 0000 5678", "code": case.code})
    assert answer["Location"] == reverse("case", args=[case.link])


def test_a_wrong_code_finds_nothing(client, case):
    wrong = "999999" if case.code != "999999" else "999998"
    assert "没有找到" in client.post("/bookings/", {"phone": case.phone, "code": wrong}).content.decode()


@pytest.mark.parametrize(
    ("kind", "said"), [("yearly", "每年集中办"), ("external", "以主管部门为准"), ("none", "没有规定")]
)
def test_a_matter_without_a_number_of_days_says_what_it_goes_by(client, center, resident, cadre, county, kind, said):
    item = factories.ServiceItemFactory(division=county, promised_kind=kind, handling_mode="proxy")
    assert said in page(client, open_case(center, item, resident, cadre))


def test_the_receipt_carries_the_code_and_a_square_to_scan(signed_in, cadre, case):
    text = signed_in(cadre).get(reverse("desk_case_receipt", args=[case.pk])).content.decode()
    assert "代办回执" in text
    assert 'class="qr"' in text
    assert "王桂兰" not in text


def test_the_family_sees_cases_beside_bookings_and_messages(signed_in, son, case):
    text = signed_in(son).get("/me/").content.decode()
    assert "正在代办的" in text
    assert reverse("case", args=[case.link]) in text
    assert "代办登记好了" in text


def test_a_neighbour_does_not(signed_in, case, village):
    neighbour = factories.UserFactory(username="neighbour", phone=None)
    factories.FamilyLinkFactory(user=neighbour, resident__division=village)
    assert case.link not in signed_in(neighbour).get("/me/").content.decode()


def test_what_is_over_stands_under_all_cases(signed_in, son, case, cadre):
    cases.withdraw(case=case, seen=seen(case), by=cadre)
    client = signed_in(son)
    assert reverse("case", args=[case.link]) not in client.get("/me/").content.decode()
    assert reverse("case", args=[case.link]) in client.get("/me/cases/").content.decode()


def test_a_message_about_a_case_leads_to_it(signed_in, son, case):
    assert reverse("case", args=[case.link]) in signed_in(son).get("/me/messages/").content.decode()


def test_without_a_case_it_says_how_to_get_one(signed_in, son):
    assert "代办员替您跑" in signed_in(son).get("/me/cases/").content.decode()


@pytest.mark.parametrize("address", ["/me/", "/me/cases/"])
def test_ones_page_costs_the_same_whatever_its_length(
    signed_in, son, center, proxy_item, resident, cadre, address, django_assert_num_queries
):
    client = signed_in(son)
    open_many(center, proxy_item, resident, cadre, 20)
    client.get(address)
    with CaptureQueriesContext(connection) as counted:
        client.get(address)
    open_many(center, proxy_item, resident, cadre, 180)
    with django_assert_num_queries(len(counted)):
        client.get(address)


def open_many(center, item, resident, cadre, number: int) -> None:
    for case in factories.CaseFactory.create_batch(
        number, center=center, item=item, resident=resident, first_owner=cadre
    ):
        factories.CaseStageFactory(case=case)
    assert now(case).stage
