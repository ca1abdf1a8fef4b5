"""The guestbook's entries for the tables of portal/registries.py."""

# Read once at startup, so tests/settings.py adds them for all tests.
APP_URLS = ["tests.guestbook.urls"]
API_ROUTERS = ["tests.guestbook.api.router"]

# Read at each use: the fixture `joined` (tests/registries/conftest.py) adds them, so that other tests run without them.
JOINING = {
    "MENU": {"public": [("guestbook", "留言簿")], "cadre": [("guestbook", "看留言")]},
    "MANAGE": {"center": [("guestbook", "留言簿", "看群众写了什么", "view_oversight")]},
    "TO_DO": {"cadre": ["tests.guestbook.entries.UNANSWERED"]},
    "MESSAGE_SUBJECTS": {"note": "tests.guestbook.entries.SUBJECT"},
    "FIGURES": {"overview": ["tests.guestbook.entries.NOTES"]},
    "EVIDENCE_SOURCES": {"A": ["tests.guestbook.entries.proofs"]},
    "DAY_FOLLOWERS": ["tests.guestbook.entries.ask_again"],
    "ITEM_FOLLOWERS": ["tests.guestbook.entries.forget_item"],
    "CENTER_FOLLOWERS": ["tests.guestbook.entries.note_center"],
    "DIVISION_FOLLOWERS": ["tests.guestbook.entries.note_division"],
    "FREED_PLACE_FOLLOWERS": ["tests.guestbook.entries.offer"],
    "UPKEEP": {"answer-notes": {"run": "tests.guestbook.entries.answer", "every": 3600}},
    "RETENTION": ["tests.guestbook.entries.rules"],
    "RETENTION_DAYS": {"notes": 30},
    "RULES": ["tests.guestbook.entries.RULES"],
    "RESIDENT_TRACES": ["tests.guestbook.entries.traces"],
    "INVARIANTS": ["tests.guestbook.entries.invariants"],
    "UNPLANNED_MESSAGES": ["tests.guestbook.entries.unanswered"],
    "METRICS": ["tests.guestbook.entries.families"],
}
