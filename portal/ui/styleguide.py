"""Example values for /styleguide/, which shows every component."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.ui.forms import DayField, Form, LongTextField, NameField, PhoneField
from portal.ui.pagination import page_of


class ExampleForm(Form):
    name = NameField(help_text=_("和身份证上一样。"))
    phone = PhoneField(help_text=_("预约码会发到这个号码。"))
    village = forms.ChoiceField(label=_("村"), choices=[("", _("请选择")), ("1", _("杨柳村")), ("2", _("石桥村"))])
    channel = forms.ChoiceField(
        label=_("怎么告诉您"), choices=[("sms", _("短信")), ("call", _("打电话"))], widget=forms.RadioSelect
    )
    note = LongTextField(label=_("还有什么要说的"), required=False)
    family = forms.BooleanField(label=_("替家人约"), required=False)
    agreed = forms.BooleanField(label=_("我看过《怎么用您的信息》，同意"))


def examples(request: HttpRequest) -> dict:
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    states = ["few", "plenty", "plenty", "none", "plenty", "closed", "closed", "plenty"]
    days = [
        {"date": now.date() + timedelta(days=number), "state": state, "url": "#days"}
        for number, state in enumerate(states)
    ]
    morning = [
        {"starts_at": now.replace(hour=9) + timedelta(minutes=30 * number), "left": left, "url": "#times"}
        for number, left in enumerate([4, 1, 0, 5, 6, 2])
    ]
    return {
        "now": now,
        "center": {"name": _("杨柳村党群服务中心"), "phone": "13800005678"},
        "centers": [{"pk": 1, "code": "1", "name": _("杨柳村")}, {"pk": 2, "code": "2", "name": _("石桥村")}],
        "form": ExampleForm(),
        "refused": ExampleForm({"phone": "1380000"}, auto_id="refused_%s"),
        "filters": FilterForm(request.GET or None, auto_id="filter_%s"),
        "days": days,
        "chosen_day": days[1]["date"],
        "morning": morning,
        "chosen_time": morning[3]["starts_at"],
        "facts": [
            (_("时间"), "12月3日 周三 上午9:00"),
            (_("地点"), _("杨柳村党群服务中心 1号窗口")),
            (_("带上"), _("身份证")),
        ],
        "head": [_("姓名"), _("办什么"), _("几点"), _("等了几分钟")],
        "rows": [
            ["张*兰", _("养老金认证"), "9:00", 6],
            ["李*", _("医保参保登记"), "9:30", 12],
            ["王*国", _("盖章证明"), "10:00", 0],
        ],
        "numbers": [3],
        "target": _("目标 ≥ 85%"),
        "page": page_of(request, range(57), per_page=10),
        "options": [
            {"value": "self", "title": _("给自己约"), "hint": _("用您自己的手机号")},
            {"value": "family", "title": _("替家人约"), "hint": _("父母、老伴、孩子都可以")},
            {"value": "group", "title": _("替村民小组约"), "hint": _("这一项只有村干部能办"), "off": True},
        ],
        "strip": {
            "is_asked": True,
            "waiting": [
                {"url": "#lists", "number": 2, "task": {"words": _("个预约要安置")}},
                {"url": "#lists", "number": 17, "task": {"words": _("条不满意的评价要看")}},
            ],
        },
        "trail": [(_("首页"), "/"), (_("杨柳村"), "#")],
        "icons": ICONS,
    }


class FilterForm(Form):
    state = forms.ChoiceField(label=_("状态"), choices=[("", _("全部")), ("waiting", _("等候"))], required=False)
    day = DayField(label=_("日子"), required=False)


ICONS = sorted(path.stem for path in (settings.BASE_DIR / "templates/icons").glob("*.html"))
