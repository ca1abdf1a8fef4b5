"""Rules that are one for the whole installation: what they are about has no division."""

from django.utils.translation import gettext_lazy as _

from centers.rules.declared import DAYS, Rule, SetBy

RULES = [
    Rule(
        "RETENTION_MESSAGES_DAYS",
        "retention",
        _("消息的内容和号码"),
        _("过了这么多天，短信等消息写的话和号码抹掉；发没发到还在。"),
        _("已经抹掉的找不回来。改短了，今天夜里就多抹一些。"),
        unit=DAYS,
        low=30,
        high=1825,
        source=_("个人信息保护法第十九条：保存时间应当是必要的最短时间。天数是家门口的默认值。"),
        set_by=SetBy.SITE,
    ),
    Rule(
        "ACCOUNT_SLEEPS_AFTER_DAYS",
        "retention",
        _("多久没登录的账号要到中心认一认"),
        _("这么多天没用过的账号，用短信验证码登录以后看不到以前的事，要到中心认过才行：号码可能换了人。"),
        _("已经认过的不用再认。"),
        unit=DAYS,
        low=1,
        high=1825,
        set_by=SetBy.SITE,
    ),
]
