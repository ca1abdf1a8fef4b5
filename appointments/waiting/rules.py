"""Rules of the waiting list that differ from county to county. Read by centers.rules through settings.RULES."""

from django.utils.translation import gettext_lazy as _

from centers.rules.declared import MINUTES, TIMES, Rule, SetBy

RULES = [
    Rule(
        "WAITING_OFFER_MINUTES",
        "waiting",
        _("轮到以后留多久"),
        _("候补轮到了，位子给他留这么久；没有回音就给下一位。夜里轮到的，从早上九点算。"),
        _("已经轮到的，按当时说的时间留。"),
        unit=MINUTES,
        low=5,
        high=240,
        set_by=SetBy.TOWNSHIP,
    ),
    Rule(
        "WAITING_LIMIT_PER_PERSON",
        "waiting",
        _("一个人同时最多候补几个时间"),
        _("同时候补到这么多个时间，要先退掉一个才能再排。"),
        _("已经排上的都接着排。"),
        unit=TIMES,
        low=1,
        high=20,
    ),
]
