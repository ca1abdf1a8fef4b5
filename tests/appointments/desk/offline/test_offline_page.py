"""The offline page, its service worker and its data: minimal, and never a mix of two versions."""

import re

import pytest
import time_machine
from django.urls import reverse

from portal.ui import assets
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(center, item, resident):
    return factories.AppointmentFactory(
        center=center, item=item, resident=resident, starts_at=at(0, 9), note="腿脚不便", contact_name="王建军"
    )


@pytest.fixture
def client(signed_in, cadre, center):
    return signed_in(cadre)


def worker(client) -> str:
    return client.get(reverse("desk_sheet_worker")).content.decode()


def test_the_cached_page_has_no_personal_data(client, cadre, due):
    page = client.get(reverse("desk_sheet") + f"?center={due.center.code}").content.decode()

    held = [due.resident.name, cadre.name, due.center.name, due.center.code, "csrfmiddlewaretoken"]
    assert [word for word in held if word in page] == []


def test_without_script_the_page_says_to_print(client):
    page = client.get(reverse("desk_sheet")).content.decode()

    without, _, sheet = page.partition("data-sheet")
    assert reverse("desk_print") in without and sheet.startswith(" hidden")


def test_the_page_and_its_worker_are_of_one_version(client):
    version = client.get(reverse("desk_sheet"))["Sheet-Version"]

    assert f'VERSION = "{version}"' in worker(client)


def test_the_worker_keeps_all_that_the_page_is_made_of(client):
    page = client.get(reverse("desk_sheet")).content.decode()

    needed = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page)
    assert needed and [address for address in needed if f'"{address}"' not in worker(client)] == []


def test_a_changed_file_makes_another_version(client, monkeypatch):
    before = client.get(reverse("desk_sheet"))["Sheet-Version"]
    bundle = assets.bundle("sheet.js")
    changed = assets.Bundle(bundle.name, bundle.body, bundle.gzipped, "0123456789ab")
    real = assets.bundle
    monkeypatch.setattr(assets, "bundle", lambda name: changed if name == "sheet.js" else real(name))

    assert client.get(reverse("desk_sheet"))["Sheet-Version"] != before


def test_the_worker_reaches_no_further_than_the_sheet(client):
    answer = client.get(reverse("desk_sheet_worker"))

    assert answer["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in answer
    assert reverse("desk_sheet_worker").startswith(reverse("desk_sheet"))


def test_the_page_keeps_the_policy(client):
    assert "unsafe" not in client.get(reverse("desk_sheet"))["Content-Security-Policy"]


def test_the_list_is_of_today_and_tells_no_more_than_the_work_needs(signed_in, cadre, due, item, center):
    factories.AppointmentFactory(center=center, item=item, starts_at=at(1, 9))
    with time_machine.travel(at(0, 8), tick=False):
        given = signed_in(cadre).get(reverse("desk_sheet_data")).json()

    assert given["left"] == 16 * 3600
    assert given["rows"] == [
        {
            "pk": due.pk,
            "starts": int(at(0, 9).timestamp() * 1000),
            "time": "上午9:00",
            "code": due.code,
            "name": "王桂兰",
            "party": 1,
            "item": str(item),
            "phone": "138****5678",
            "status": "booked",
        }
    ]


def test_the_list_is_not_kept_by_caches_on_the_way(client):
    assert "no-store" in client.get(reverse("desk_sheet_data"))["Cache-Control"]


def test_the_list_asks_as_much_for_two_hundred_as_for_one(
    client, due, center, item, django_assert_num_queries, django_assert_max_num_queries
):
    client.get(reverse("desk_sheet_data"))
    with django_assert_max_num_queries(12) as counted:
        client.get(reverse("desk_sheet_data"))
    for _ in range(199):
        factories.AppointmentFactory(center=center, item=item, resident=due.resident, starts_at=at(0, 10))
    with django_assert_num_queries(len(counted)):
        client.get(reverse("desk_sheet_data"))


def test_the_paper_has_lines_for_whoever_comes_without_an_appointment(client, due):
    page = client.get(reverse("desk_print")).content.decode()

    assert page.count('<tr><td></td><td></td><td></td><td></td><td class="paper-list__tick"></td></tr>') == 8
    assert "中心电话：" in page


def test_the_paper_to_pin_up_has_none(client, due):
    assert "paper-list--blank" not in client.get(reverse("desk_print") + "?wall=1").content.decode()
