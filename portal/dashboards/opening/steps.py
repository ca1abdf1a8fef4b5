"""The steps of a village on its way to the first booking, in their order, and the pages on which each is done."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Step:
    """`lacking` is said where it is missing, `todo` on the button, `by_whom` to those who cannot do it.

    `pages`: (permission that opens it, or "" for everybody, URL name, query with %(code)s of the village); without a
    query the code is the URL's argument. The first that is open to the reader counts.
    """

    code: str
    title: str | Promise
    lacking: str | Promise
    todo: str | Promise
    by_whom: str | Promise
    pages: tuple[tuple[str, str, str], ...]


STEPS = (
    Step(
        "center",
        _("中心"),
        _("还没有中心"),
        _("去开通"),
        _("由乡镇或县里开通"),
        (("open_centers", "opening_centers", "?village=%(code)s"),),
    ),
    Step(
        "hours",
        _("开放时间"),
        _("还没有开放时间"),
        _("去填时间"),
        _("由中心负责人或乡镇填"),
        (
            ("manage_center", "duty_hours", "?center=%(code)s"),
            ("open_centers", "opening_hours", "?village=%(code)s"),
        ),
    ),
    Step(
        "people",
        _("登录"),
        _("还没有人能登录"),
        _("去请人"),
        _("由乡镇或县里开通账户"),
        (("manage_members", "member_new", "?at=%(code)s"),),
    ),
    Step(
        "roster",
        _("值班表"),
        _("还没有公布值班表"),
        _("去排班"),
        _("由中心负责人排班、公布"),
        (("manage_center", "duty", "?center=%(code)s"),),
    ),
    Step(
        "items",
        _("事项"),
        _("还没有能约的事"),
        _("去采用"),
        _("由县里采用起步目录"),
        (("manage_catalog", "manage_starters", "?"),),
    ),
    Step(
        "booking",
        _("第一个预约"),
        _("还没有人约过"),
        _("打开中心页面"),
        _("村民在中心的页面上约"),
        (("", "center", ""),),
    ),
)
