"""From the desk through village, township and department to the villager's hands, page by page."""

import pytest
from django.urls import reverse

from appointments.cases.models.stages import CaseStage
from appointments.models import Case
from tests.appointments.cases.carrying import PAPERS, now, seen

pytestmark = pytest.mark.django_db


def act(client, case, step, **words):
    words["stage"] = now(case).stage.pk if now(case).stage else 0
    return client.post(reverse("desk_case_step", args=[case.pk, step]), words, follow=True)


def test_a_case_goes_all_the_way(signed_in, cadre, officer, client, center, proxy_item, resident):
    desk, township = signed_in(cadre), signed_in(officer)
    page = desk.get(reverse("desk_case_open", args=[resident.pk, proxy_item.code]))
    key = page.context["form"]["key"].value()
    desk.post(page.request["PATH_INFO"], {"there": PAPERS, "source": "walk_in", "phone": resident.phone, "key": key})
    case = Case.objects.get()

    assert "送到镇里" in desk.get(reverse("desk_case", args=[case.pk])).content.decode()
    act(desk, case, "forward")
    act(township, case, "take")
    act(township, case, "department", office="县民政局")
    assert "在县民政局办" in client.get(f"/cases/{case.link}/").content.decode()
    act(township, case, "back")
    act(township, case, "finish", outcome="done")
    page = act(desk, case, "hand-over", to=resident.name, trips_saved=2)

    case = now(case)
    assert (case.outcome, case.handed_over_to, case.trips_saved) == ("done", "王桂兰", 2)
    assert "交付" in page.content.decode()
    levels = list(CaseStage.objects.order_by("number").values_list("level", flat=True))
    assert levels == ["village", "township", "department", "township"]


def test_every_step_is_written_down_with_who_took_it(case, signed_in, cadre):
    act(signed_in(cadre), case, "forward")
    steps = list(case.steps.values_list("kind", "by"))
    assert steps == [("opened", cadre.pk), ("accepted", cadre.pk), ("forwarded", cadre.pk)]
    assert seen(case)
