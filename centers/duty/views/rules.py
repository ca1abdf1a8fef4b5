"""The rules that rosters and leave follow at every center of the county; shown, and changed by the county."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from centers.duty.access import managed


@never_cache
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    context = {"center": managed(request), "can_manage": True, "works_here": True, "rules": _rules()}
    return render(request, "centers/duty/rules.html", context)


def _rules() -> list[tuple[str, str]]:
    by_center, reported = settings.LEAVE_DAYS_BY_CENTER, settings.LEAVE_DAYS_REPORTED
    return [
        (_("半天几个人"), _("开门的半天：带班、主班、副班各一个，人不够就少一个。")),
        (_("谁排得多了"), _("一周超过%(number)s个半天，排班表上会提醒。") % {"number": settings.DUTY_HALF_DAYS_A_WEEK}),
        (
            _("法定节假日"),
            _("轮着来；一年比别人平均多出%(number)s天，会提醒。") % {"number": settings.DUTY_HOLIDAYS_ABOVE_MEAN},
        ),
        (_("请假谁同意"), _leave_words(by_center, reported)),
    ]


def _leave_words(by_center: float, reported: float) -> str:
    numbers = {"center": by_center, "reported": reported}
    return (
        _(
            "%(center)s天以内中心负责人同意；到%(reported)s天的报乡镇知道；再长的由乡镇同意。负责人自己的假由另一位负责人或乡镇同意。"
        )
        % numbers
    )
