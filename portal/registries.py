"""What the apps add to the portal: one table for each thing, read by whoever needs all of them.

Part of the settings, like portal.rules; a module of its own because a new app has its lines here and edits nothing else
(docs/architecture.md, "How a new app joins"). An entry is a dotted path, since the project's root imports no app; what
stands behind it is said beside each table. Lists and dictionaries are read in their order.
"""

from django.utils.translation import gettext_lazy as _

# Addresses: urlconfs included at the root of the site. Read by portal.urls.
APP_URLS = [
    "portal.ui.urls",
    "centers.urls",
    "appointments.urls",
    "assessments.urls",
    "portal.dashboards.urls",
    "portal.notifications.urls",
]

# Routers of django-ninja under /api/v1/. Read by portal.api.
API_ROUTERS = ["centers.api.router", "appointments.booking.api.router"]

# The main menu of each audience: (name of an address, words). Read by centers.context_processors: "public" is for
# everybody without a role, "villager" comes after it for who has signed in, "cadre" is for who works at a desk,
# "official" for who oversees, "administrator" for who is let into the admin.
MENU = {
    "public": [
        ("home", _("首页")),
        ("centers", _("找中心")),
        ("items", _("办事指南")),
        ("bookings", _("查预约")),
    ],
    "villager": [("me", _("我的"))],
    "cadre": [
        ("desk", _("工作台")),
        ("desk_book", _("替人预约")),
        ("desk_cases", _("代办")),
        ("desk_waiting", _("候补")),
        ("duty", _("值班")),
        ("delivery_board", _("消息送达")),
        ("items", _("办事指南")),
    ],
    "official": [
        ("oversight", _("总览")),
        ("oversight_cases", _("代办")),
        ("duty_leaves", _("请假")),
        ("centers", _("各村中心")),
        ("items", _("办事指南")),
    ],
    "administrator": [("admin:index", _("数据维护"))],
}

# What messages are about: prefix of their `subject` → a portal.notifications.subjects.Subject, which says how its rows
# are loaded, bounded, named and linked. Read by the delivery board and the inbox (portal.dashboards).
MESSAGE_SUBJECTS = {
    "appointment": "appointments.booking.subjects.SUBJECT",
    "waiting": "appointments.waiting.subjects.SUBJECT",
    "case": "appointments.cases.subjects.SUBJECT",
    "leave": "centers.duty.subjects.LEAVE",
    "swap": "centers.duty.subjects.SWAP",
}

# What officials read of each center: a centers.figures.Figure, by the page that it stands on. The order is that of the
# columns; one without a column has rows that something else links to. Read by portal.dashboards.oversight.
FIGURES = {
    "overview": [
        "appointments.slots.figures.OFFERED",
        "appointments.booking.figures.BOOKED",
        "appointments.booking.figures.SERVED",
        "appointments.tickets.figures.WALK_INS",
        "appointments.booking.figures.MISSED",
        "appointments.booking.figures.UNMARKED",
        "appointments.booking.figures.CANCELLED",
        "assessments.figures.RATINGS",
        "assessments.figures.BAD",
        "portal.dashboards.oversight.selectors.SILENT",
    ],
    "cases": [
        "appointments.cases.figures.OPEN",
        "appointments.cases.figures.OVERDUE",
        "appointments.cases.figures.ON_TIME",
        "appointments.cases.figures.DUE",
        "appointments.cases.figures.SPEED",
        "appointments.cases.figures.RETURNED",
    ],
}

# What speaks for a half day of duty: (center pks, start, end) → Proofs. "A" is a villager's side of it, "B" work done
# at the desk. Read by centers.duty.evidence.
EVIDENCE_SOURCES = {
    "A": [
        "appointments.booking.evidence.arrivals",
        "appointments.booking.evidence.served",
        "centers.duty.evidence.taps",
    ],
    "B": ["appointments.cases.evidence.steps", "appointments.tickets.evidence.numbers"],
}

# Called with (center, first day, last day) in the transaction that changes who is on duty there. Read by
# centers.duty.rosters.
DUTY_FOLLOWERS = ["appointments.slots.making.follow_duty"]

# Called with a slot of which a place is free again; true where somebody waits for it. Read by
# appointments.slots.capacity.
FREED_PLACE_FOLLOWERS = ["appointments.waiting.offers.follow"]

# What has to happen again and again: name → what to call and every how many seconds. Each queue has its own thread or
# workers, so that a long job never holds up the messages; "upkeep" where none is named. Read by `manage.py dispatch`
# and by Celery's beat alike.
UPKEEP = {
    "send-due-messages": {"run": "portal.notifications.services.dispatch", "every": 30, "queue": "messages"},
    "make-slots-ahead": {"run": "appointments.slots.making.make_ahead", "every": 6 * 3600},
    "pass-on-places": {"run": "appointments.waiting.offers.sweep", "every": 30},
    "forget-old-codes": {"run": "portal.accounts.codes.forget_old", "every": 6 * 3600},
    "forget-old-people": {"run": "portal.retention.forget_old", "every": 24 * 3600},
    "forget-old-messages": {"run": "portal.notifications.services.forget_old", "every": 24 * 3600},
    "settle-cases": {"run": "appointments.cases.services.settle", "every": 3600},
    "fill-calendar": {"run": "centers.services.calendar.fill_ahead", "every": 24 * 3600},
    "list-market-days": {"run": "centers.services.calendar.precompute_market_days", "every": 24 * 3600},
    "check-invariants": {"run": "portal.invariants.check_nightly", "every": 24 * 3600},
}

# What is forgotten when its time is up: (moment) → portal.retention.Rules. Read by portal.retention.
RETENTION = [
    "appointments.booking.retention.rules",
    "appointments.tickets.retention.rules",
    "appointments.waiting.retention.rules",
    "appointments.cases.retention.rules",
    "centers.people.retention.rules",
    "appointments.desk.offline.retention.rules",
    "centers.duty.retention.rules",
]

# What each app knows of a resident: a centers.people.retention.Traces. Read there.
RESIDENT_TRACES = [
    "appointments.booking.retention.traces",
    "appointments.waiting.retention.traces",
    "appointments.cases.retention.traces",
]

# What must be true of the stored rows: (moment) → (sentence, rows that break it). Read by portal.invariants; a
# violation is logged as an ERROR each night.
INVARIANTS = [
    "appointments.slots.invariants.invariants",
    "appointments.booking.invariants.invariants",
    "appointments.waiting.invariants.invariants",
    "appointments.tickets.invariants.invariants",
    "appointments.desk.offline.invariants.invariants",
    "appointments.cases.invariants.invariants",
    "assessments.invariants.invariants",
    "centers.duty.invariants.invariants",
    "portal.notifications.invariants.invariants",
]

# What `/metrics` shows of the stored rows: () → families. Read by portal.metrics.
METRICS = ["appointments.booking.metrics.families", "portal.notifications.metrics.families"]
