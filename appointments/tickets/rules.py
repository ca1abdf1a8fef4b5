"""Rules of the queue and the desk that differ from county to county. Read by centers.rules through settings.RULES."""

from django.utils.translation import gettext_lazy as _

from appointments.tickets.models import Priority
from centers.rules.declared import MINUTES, Kind, Rule, SetBy

RULES = [
    Rule(
        "DESK_GRACE_MINUTES",
        "queue",
        _("迟到多久还等"),
        _("约的时间过了这么久没来，或者叫了号这么久没应，才能记未到；来晚了的排到现场取号的人里。"),
        _("已经记下的不变。"),
        unit=MINUTES,
        high=60,
        set_by=SetBy.TOWNSHIP,
    ),
    Rule(
        "QUEUE_PRIORITIES",
        "queue",
        _("谁可以优先"),
        _("这些人先叫号，等候的地方都写明。都不选就是没有优先。"),
        _("已经拿到优先号、不再优先的，按来的先后叫。"),
        kind=Kind.CHOICES,
        options=tuple((kind.value, kind.label) for kind in Priority if kind),
        set_by=SetBy.TOWNSHIP,
    ),
    Rule(
        "WALK_IN_ONLINE",
        "queue",
        _("手机上取号"),
        _("开着门的时候，群众可以在中心的网页上取当天的号；关掉就只在窗口发号。"),
        _("已经取到的号都算数。"),
        kind=Kind.FLAG,
        set_by=SetBy.TOWNSHIP,
    ),
]
