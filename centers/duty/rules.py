"""Rules of duty and leave that differ from county to county. Read by centers.rules through settings.RULES."""

from django.utils.translation import gettext_lazy as _

from centers.rules.declared import DAYS, HALF_DAYS, OCCASIONS, Rule

_SHORT = _("个人信息保护法第十九条：保存时间应当是必要的最短时间。天数是家门口的默认值。")
_GONE = _("已经抹掉的找不回来。改短了，今天夜里就多抹一些。")

RULES = [
    Rule(
        "LEAVE_DAYS_BY_CENTER",
        "duty",
        _("几天以内的假由中心同意"),
        _("这么多天以内的假，中心负责人同意就行，不用报乡镇。"),
        _("已经同意的都算数；申请了还没批的按新的算。"),
        unit=DAYS,
        high=30,
        at_most="LEAVE_DAYS_REPORTED",
        source=_("各地请假制度：一天以内村里定，两三天报备，再长由乡镇批。"),
    ),
    Rule(
        "LEAVE_DAYS_REPORTED",
        "duty",
        _("几天以内的假报乡镇备案"),
        _("这么多天以内还是中心负责人同意，乡镇看得到；再长的由乡镇批。"),
        _("已经同意的都算数；申请了还没批的按新的算。"),
        unit=DAYS,
        high=60,
        at_least="LEAVE_DAYS_BY_CENTER",
        source=_("各地请假制度：一天以内村里定，两三天报备，再长由乡镇批。"),
    ),
    Rule(
        "DUTY_HALF_DAYS_A_WEEK",
        "duty",
        _("一周坐班超过几个半天要提醒"),
        _("排班时，一周里超过这么多个半天的人会标出来。"),
        _("已经公布的值班表不变。"),
        unit=HALF_DAYS,
        low=1,
        high=21,
    ),
    Rule(
        "DUTY_HOLIDAYS_ABOVE_MEAN",
        "duty",
        _("节假日值班比别人多几次要提醒"),
        _("今年节假日值班比别人的平均数多出这么多次的人，排班时会标出来。"),
        _("已经公布的值班表不变。"),
        unit=OCCASIONS,
        high=30,
    ),
    Rule(
        "PRESENCE_TAPS_PER_ADDRESS",
        "duty",
        _("一部手机一天能点几次有人没人"),
        _("群众在门口点“有人”“没人”，同一个网络地址一天最多点这么多次。"),
        _("已经点过的都算数。"),
        unit=OCCASIONS,
        low=1,
        high=100,
    ),
    Rule(
        "RETENTION_LEAVE_REASONS_DAYS",
        "retention",
        _("请假和换班的事由"),
        _("过了这么多天，事由抹掉；请过假、谁同意的还在。"),
        _GONE,
        unit=DAYS,
        low=30,
        high=1825,
        source=_SHORT,
    ),
    Rule(
        "RETENTION_STAFF_PHONES_DAYS",
        "retention",
        _("离开的人的号码"),
        _("人离开中心这么多天以后，号码抹掉；姓名和值过的班还在。"),
        _GONE,
        unit=DAYS,
        low=30,
        high=1825,
        source=_SHORT,
    ),
    Rule(
        "RETENTION_PRESENCE_NOTES_DAYS",
        "retention",
        _("核实“有人没人”时写的话"),
        _("过了这么多天，写的话抹掉；点过和核实的结果还在。"),
        _GONE,
        unit=DAYS,
        low=30,
        high=1825,
        source=_SHORT,
    ),
]
