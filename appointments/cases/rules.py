"""Rules of cases that differ from county to county. Read by centers.rules through settings.RULES."""

from django.utils.translation import gettext_lazy as _

from centers.rules.declared import DAYS, WORKDAYS, Rule

RULES = [
    Rule(
        "CASE_NOTICE_WORKDAYS",
        "cases",
        _("几天内一次告知缺什么"),
        _("缺材料的，这么多个工作日里一次告诉群众；到期没有告知，从收到那天起就算受理了。"),
        _("已经登记的按当时的日子算。"),
        unit=WORKDAYS,
        low=1,
        high=5,
        source=_("行政许可法第三十二条第一款第四项：最多五日。"),
    ),
    Rule(
        "CASE_VILLAGE_WORKDAYS",
        "cases",
        _("村里几天内送到乡镇"),
        _("受理以后，村里这么多个工作日里把材料送到乡镇。"),
        _("已经受理的按当时的日子算。"),
        unit=WORKDAYS,
        low=1,
        high=20,
    ),
    Rule(
        "CASE_REOPEN_DAYS",
        "cases",
        _("办结后几天内可以说没办好"),
        _("办结以后这么多天里，群众可以说“没办好”，这件事接着办。"),
        _("改的那天以前办结的，按办结那天的算。"),
        unit=DAYS,
        low=1,
        high=60,
    ),
    Rule(
        "RETENTION_CASES_DAYS",
        "retention",
        _("代办件里的姓名和材料"),
        _("办结以后过了这么多天，姓名、号码、原因和证明都抹掉，只留办到哪一步、用了几天。"),
        _("已经抹掉的找不回来。改短了，今天夜里就多抹一些。"),
        unit=DAYS,
        low=180,
        high=3650,
        source=_("个人信息保护法第十九条：保存时间应当是必要的最短时间。天数是家门口的默认值。"),
    ),
]
