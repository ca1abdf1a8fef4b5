"""A month later nobody can tell who was on a sheet."""

from datetime import timedelta

import pytest
from django.utils import timezone

from centers.models import SheetFile, SheetPart
from portal.retention import forget_old
from tests.centers.sheets import steps

pytestmark = pytest.mark.django_db


def test_a_month_later_the_rows_are_gone(village, officer, signed_in):
    client = signed_in(officer)
    steps.bring_in(client, "residents", steps.RESIDENTS, ["990101100201", "王桂兰", "", "", "", ""])
    forget_old(timezone.now() + timedelta(days=29))
    assert SheetPart.objects.exists()
    forget_old(timezone.now() + timedelta(days=31))

    assert not SheetPart.objects.exists() and not SheetFile.objects.exists() and steps.last().name == ""
    assert "不能撤回" in steps.said(client.get(f"/manage/sheets/{steps.last().pk}/"))
