"""Settings that are domain rules and differ between counties, with our defaults (docs/configuration.md)."""

from django.core.exceptions import ImproperlyConfigured

from portal import env

# Minutes before an appointment at which a reminder is due: the day before and two hours before.
REMINDERS = [int(minutes) for minutes in env.words("REMINDERS", "1440,120")]

# Booking rules. All are our defaults and differ from county to county.
BOOKING_HORIZON_DAYS = env.number("BOOKING_HORIZON_DAYS", 30, at_least=1)
BOOKING_LEAD_MINUTES = env.number("BOOKING_LEAD_MINUTES", 30)
BOOKING_CANCEL_CUTOFF_MINUTES = env.number("BOOKING_CANCEL_CUTOFF_MINUTES", 120)
BOOKING_LIMIT_PER_PERSON_AND_DAY = env.number("BOOKING_LIMIT_PER_PERSON_AND_DAY", 3, at_least=1)
BOOKING_LIMIT_PER_PHONE_AND_DAY = env.number("BOOKING_LIMIT_PER_PHONE_AND_DAY", 6, at_least=1)
# How many days ahead it is stored what a center's day is, for the pages; more where a roster is published further.
DAYS_AHEAD = max(env.number("DAYS_AHEAD", 60, at_least=14), BOOKING_HORIZON_DAYS)
# Whoever signs in by a code after so long without is asked for at the center before they see what was there.
ACCOUNT_SLEEPS_AFTER_DAYS = env.number("ACCOUNT_SLEEPS_AFTER_DAYS", 90, at_least=1)
# Waiting list: how long an offer holds, and the cooldown of a freed place before it can be booked.
WAITING_OFFER_MINUTES = env.number("WAITING_OFFER_MINUTES", 30, at_least=5)
WAITING_LIMIT_PER_PERSON = env.number("WAITING_LIMIT_PER_PERSON", 5, at_least=1)
SLOT_HOLD_BACK_SECONDS = env.span("SLOT_HOLD_BACK_SECONDS", "60-300")

# Duty. Who approves a leave depends on its length: the center, the center with a report to the township, the township.
LEAVE_DAYS_BY_CENTER = env.number("LEAVE_DAYS_BY_CENTER", 1)
LEAVE_DAYS_REPORTED = env.number("LEAVE_DAYS_REPORTED", 3)
DUTY_HALF_DAYS_A_WEEK = env.number("DUTY_HALF_DAYS_A_WEEK", 10, at_least=1)
DUTY_HOLIDAYS_ABOVE_MEAN = env.number("DUTY_HOLIDAYS_ABOVE_MEAN", 2)
PRESENCE_TAPS_PER_ADDRESS = env.number("PRESENCE_TAPS_PER_ADDRESS", 6, at_least=1)

# Cases. Five workdays for the one notice of missing papers are law (Administrative Licensing Law, Art. 32); the rest
# are our defaults.
CASE_NOTICE_WORKDAYS = env.number("CASE_NOTICE_WORKDAYS", 5, at_least=1)
CASE_VILLAGE_WORKDAYS = env.number("CASE_VILLAGE_WORKDAYS", 3, at_least=1)
CASE_REOPEN_DAYS = env.number("CASE_REOPEN_DAYS", 7, at_least=1)

# The desk's queue. Our defaults: minutes after which a booking counts as missed, who has priority, and whether tickets
# can also be taken on the center's web page.
DESK_GRACE_MINUTES = env.number("DESK_GRACE_MINUTES", 10)
QUEUE_PRIORITIES = env.words("QUEUE_PRIORITIES", "elder,disabled,infant")
if unknown := set(QUEUE_PRIORITIES) - {"elder", "disabled", "infant"}:
    raise ImproperlyConfigured(f"QUEUE_PRIORITIES: expected elder, disabled, infant; not {', '.join(sorted(unknown))}.")
WALK_IN_ONLINE = env.flag("WALK_IN_ONLINE", False)

# Retention periods in days, after which names and phone numbers are erased. Our defaults.
RETENTION_DAYS = {
    "bookings": env.number("RETENTION_BOOKINGS_DAYS", 365, at_least=1),
    "guests": env.number("RETENTION_GUESTS_DAYS", 90, at_least=1),
    "messages": env.number("RETENTION_MESSAGES_DAYS", 365, at_least=1),
    "leave_reasons": env.number("RETENTION_LEAVE_REASONS_DAYS", 365, at_least=1),
    "staff_phones": env.number("RETENTION_STAFF_PHONES_DAYS", 365, at_least=1),
    "presence_notes": env.number("RETENTION_PRESENCE_NOTES_DAYS", 365, at_least=1),
    "sheets": env.number("RETENTION_SHEETS_DAYS", 30, at_least=1),
    "cases": env.number("RETENTION_CASES_DAYS", 5 * 365, at_least=1),
}
