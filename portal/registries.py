"""Registries: the entries that each app adds to something shared, such as the main menu or the periodic jobs.

Part of the settings, like portal.rules. A new app adds its entries here and edits no other app (docs/architecture.md,
"How a new app joins"). Most entries are dotted paths, since the project's root imports no app; the comment above each
table says what they lead to. Order matters.
"""

from django.utils.translation import gettext_lazy as _

# URLconfs that are included at the root of the site. Read by portal.urls.
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

# The main menu of each audience: (URL name without arguments, title). Read by centers.context_processors. "public" is
# for users without a role, followed by "villager" once they have signed in; "cadre" is for desk staff, "official" for
# oversight; "manager" is added for whoever may open something in MANAGE, "administrator" for whoever may use the admin.
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
        ("oversight_closures", _("停开")),
        ("centers", _("各村中心")),
        ("items", _("办事指南")),
    ],
    "manager": [("manage", _("管理"))],
    "administrator": [("admin:index", _("数据维护"))],
}

# What somebody may set up, by group ("center", "region", "county"), on the page 管理, to which the menu leads whoever
# may open one of them: (URL name without arguments, title, what is done there, the permissions that open it, separated
# by spaces; "administrator" is the system administrator). Read by centers.managing.
MANAGE = {
    "center": [
        ("desk_people", _("村民"), _("找一位村民：更正姓名电话，登记家人，合并登记了两次的"), "manage_center"),
        ("manage_center", _("中心资料"), _("电话、地址、怎么走、通知、窗口、房间"), "manage_center"),
        ("duty_hours", _("开放时间"), _("每周哪天几点开门，哪天关门"), "manage_center"),
        ("duty_closures", _("临时停开"), _("申请停开半天或几天，约好的人会收到通知"), "manage_center"),
        ("duty_people", _("中心人员"), _("谁在这里上班，谁参加排班"), "manage_center"),
        ("members", _("同事的登录"), _("请同事进来，改职务，结束职务，帮登录不了的人"), "manage_members administrator"),
        ("duty_rules", _("排班和请假的规矩"), _("一周排几班、几天的假谁同意；看这里，改由县里"), "manage_center"),
        ("manage_markets", _("赶集日"), _("村里逢几赶集"), "manage_center"),
        ("manage_ratings", _("评价"), _("群众怎么说，不满意的看一看"), "manage_center"),
        (
            "sheets",
            _("用表格批量录入"),
            _("下载模板填好再传：中心和开放时间、房间、人员、居民和家人"),
            "manage_center manage_members administrator",
        ),
        ("duty_items", _("谁办什么"), _("每件事由谁来办，这里不办哪些事"), "manage_center"),
    ],
    "region": [
        ("opening", _("开通进度"), _("哪个村开通到哪一步，还缺什么"), "view_oversight manage_center"),
        ("opening_centers", _("开通中心"), _("给还没有中心的村一次开通，带上开放时间"), "open_centers"),
        ("opening_hours", _("一次改多个中心的开放时间"), _("勾几个中心，换上同一套时间"), "open_centers"),
        ("default_hours", _("默认开放时间"), _("新开通的中心每周哪天几点开门"), "open_centers"),
        ("oversight_closures", _("停开"), _("批准各中心的停开，看碰到了谁"), "approve_closure"),
        ("duty_leaves", _("请假"), _("批准中心人员的请假"), "approve_leave"),
        ("manage_centers", _("各村中心和人手"), _("电话、谁在班，哪里只有一个人"), "approve_leave"),
        ("manage_markets", _("各村赶集日"), _("各村逢几赶集"), "approve_closure"),
        ("manage_ratings", _("各村的评价"), _("群众怎么说，不满意的看一看"), "view_oversight"),
        ("manage_offered", _("各村办什么"), _("每件事哪些村不办，全镇办不办"), "switch_items"),
        ("duty_reports", _("门口的反映"), _("群众说没有人，核实和回音"), "view_oversight"),
    ],
    "county": [
        ("manage_items", _("事项目录"), _("能办哪些事、带什么、多久办好，采用起步目录"), "manage_catalog"),
        ("rules", _("规则"), _("最远约到哪天、一天约几件、请几天假谁批，从哪天起改"), "set_rules administrator"),
        ("providers", _("短信和电话"), _("接好没有，给自己发一条试试"), "test_providers administrator"),
        ("holidays", _("放假安排"), _("把国务院的放假通知录进日历"), "enter_holidays administrator"),
    ],
}

# 要您做的: what waits for somebody, by audience as in MENU: centers.to_do.Task objects, in the order in which they are
# shown. Read by centers.to_do.
TO_DO = {
    "cadre": [
        "appointments.settling.to_do.DISPLACED",
        "appointments.cases.to_do.OVERDUE",
        "appointments.cases.to_do.TODAY",
        "appointments.cases.to_do.BACK",
        "appointments.cases.to_do.NEW",
        "portal.dashboards.delivery.to_do.UNDELIVERED",
        "appointments.desk.offline.to_do.LEFT",
        "centers.duty.to_do.NOBODY_THERE_TODAY",
        "centers.duty.to_do.SWAPS_OF_MINE",
        "centers.duty.to_do.SWAPS",
        "centers.duty.to_do.LEAVES",
        "assessments.to_do.AT_THE_CENTER",
    ],
    "official": [
        "appointments.settling.to_do.CLOSURES",
        "centers.duty.to_do.LONG_LEAVES",
        "centers.duty.to_do.NOBODY_THERE",
        "appointments.cases.to_do.TO_TAKE",
        "appointments.cases.to_do.DUE_HERE",
        "assessments.to_do.ABOVE_IT",
    ],
}

# What messages are about: prefix of `Message.subject` → a portal.notifications.subjects.Subject, which loads its rows,
# limits who sees them, names and links them. Read by the delivery board and the inbox (portal.dashboards).
MESSAGE_SUBJECTS = {
    "appointment": "appointments.booking.subjects.SUBJECT",
    "waiting": "appointments.waiting.subjects.SUBJECT",
    "case": "appointments.cases.subjects.SUBJECT",
    "leave": "centers.duty.subjects.LEAVE",
    "swap": "centers.duty.subjects.SWAP",
    "member": "centers.members.subjects.SUBJECT",
}

# Statistics for officials: centers.figures.Figure objects by page, in the order of the columns. A Figure without column
# only has a list of rows, to which other parts of the page link. Read by portal.dashboards.oversight.
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
        "appointments.cases.figures.TO_TAKE",
        "appointments.cases.figures.DUE_HERE",
    ],
}

# Evidence that a half day was staffed: (center pks, start, end) → Proofs. "A" is evidence by a villager, "B" work done
# at the desk. Read by centers.duty.evidence.
EVIDENCE_SOURCES = {
    "A": [
        "appointments.booking.evidence.arrivals",
        "appointments.booking.evidence.served",
        "centers.duty.evidence.taps",
    ],
    "B": ["appointments.cases.evidence.steps", "appointments.tickets.evidence.numbers"],
}

# Called with the CenterDay rows that have changed, in the transaction that changes them. Read by centers.days.keeping.
DAY_FOLLOWERS = [
    "appointments.slots.making.follow",
    "appointments.waiting.offers.follow_days",
    "appointments.settling.telling.follow_days",
]

# Called with two Divisions, in the transaction in which all that hangs on the first goes to the second. Read by
# centers.services.succession.
DIVISION_FOLLOWERS = ["appointments.catalog.services.follow_division"]

# Called with a Center that has another division or another code, in the transaction that changes it: another township
# offers other items. Read by centers.services.succession.
CENTER_FOLLOWERS = ["appointments.settling.telling.follow_center"]

# Called with a ServiceItem that is no longer offered, or is offered (again), in the transaction that ends or makes it;
# with an ItemOptOut that does so for its division. Both have a division and a code.
# Read by appointments.catalog.services.
ITEM_FOLLOWERS = ["appointments.settling.telling.follow_item"]

# Called with a slot in which a place became free; returns whether somebody waits for it. Read by
# appointments.slots.capacity.
FREED_PLACE_FOLLOWERS = ["appointments.waiting.offers.follow"]

# Periodic jobs: name → function and interval in seconds. Each queue has its own thread or workers, so that a long job
# never delays the messages; the default queue is "upkeep". Read by `manage.py dispatch` and Celery's beat.
UPKEEP = {
    "plan-reminders": {"run": "appointments.booking.reminders.sweep", "every": 60, "queue": "messages"},
    "plan-late-reminders": {"run": "appointments.booking.reminders.catch_up", "every": 300, "queue": "messages"},
    "send-due-messages": {"run": "portal.notifications.services.dispatch", "every": 5, "queue": "messages"},
    "renew-days": {"run": "centers.days.keeping.renew", "every": 30},
    "roll-days-on": {"run": "centers.days.keeping.roll_on", "every": 600},
    "make-slots-ahead": {"run": "appointments.slots.making.make_ahead", "every": 6 * 3600},
    "reach-further": {"run": "appointments.slots.making.reach_further", "every": 120},
    "pass-on-places": {"run": "appointments.waiting.offers.sweep", "every": 30},
    "clear-expired": {"run": "portal.accounts.clearing.clear_expired", "every": 600},
    "forget-old-codes": {"run": "portal.accounts.codes.forget_old", "every": 6 * 3600},
    "spell-late-names": {"run": "centers.people.late_spelling.catch_up", "every": 3600},
    "forget-old-people": {"run": "portal.retention.forget_old", "every": 24 * 3600},
    "forget-old-messages": {"run": "portal.notifications.services.forget_old", "every": 24 * 3600},
    "tell-the-displaced": {"run": "appointments.settling.telling.sweep", "every": 300},
    "start-planned-items": {"run": "appointments.catalog.drafts.start_due", "every": 600},
    "end-old-swaps": {"run": "centers.duty.lapsing.end_past", "every": 600},
    "settle-cases": {"run": "appointments.cases.services.settle", "every": 3600},
    "fill-calendar": {"run": "centers.services.calendar.fill_ahead", "every": 24 * 3600},
    "list-market-days": {"run": "centers.services.calendar.precompute_market_days", "every": 24 * 3600},
    "work-sheets": {"run": "centers.sheets.work.work", "every": 5},
    "check-invariants": {"run": "portal.invariants.check_nightly", "every": 24 * 3600},
}
# Rules that differ from county to county: tables of centers.rules.declared.Rule. The setting of a rule's name is the
# installation's default. Read by centers.rules.
RULES = [
    "appointments.booking.rules.RULES",
    "appointments.waiting.rules.RULES",
    "appointments.tickets.rules.RULES",
    "centers.duty.rules.RULES",
    "appointments.cases.rules.RULES",
    "centers.rules.site.RULES",
]

# Anonymization of old rows: (moment) → portal.retention.Rule objects. Read by portal.retention.
RETENTION = [
    "appointments.booking.retention.rules",
    "appointments.tickets.retention.rules",
    "appointments.waiting.retention.rules",
    "appointments.cases.retention.rules",
    "centers.people.retention.rules",
    "appointments.desk.offline.retention.rules",
    "centers.duty.retention.rules",
    "centers.members.retention.rules",
    "assessments.retention.rules",
    "centers.sheets.retention.rules",
]

# What each app stores about residents: centers.people.retention.Traces objects. Read by centers.people: what may be
# joined, corrected, shown to its owner, erased.
RESIDENT_TRACES = [
    "appointments.booking.retention.traces",
    "appointments.waiting.retention.traces",
    "appointments.cases.retention.traces",
    "appointments.tickets.retention.traces",
    "assessments.retention.traces",
]

# Invariants of the stored rows: (moment) → pairs of a sentence and the rows that violate it. Read by portal.invariants;
# each night violations are logged as ERROR.
INVARIANTS = [
    "centers.invariants.invariants",
    "appointments.slots.invariants.invariants",
    "appointments.booking.invariants.invariants",
    "appointments.waiting.invariants.invariants",
    "appointments.tickets.invariants.invariants",
    "appointments.desk.offline.invariants.invariants",
    "appointments.cases.invariants.invariants",
    "assessments.invariants.invariants",
    "centers.days.invariants.invariants",
    "centers.duty.invariants.invariants",
    "portal.notifications.invariants.invariants",
]

# Rows that a message should have been planned for and has not: (moment) → rows, of recent hours only, because /readyz
# counts them. Read by portal.health.
UNPLANNED_MESSAGES = ["appointments.booking.reminders.lately_unplanned"]

# Metrics computed from stored rows, for `/metrics`: () → metric families. Read by portal.metrics.
METRICS = ["appointments.booking.metrics.families", "portal.notifications.metrics.families"]
