"""Planning, sending, receipts and manual follow-up of messages, called as `notifications.services.plan(...)`."""

from portal.notifications.services.follow_up import call_instead, called, not_reached, send_again, undo_call
from portal.notifications.services.planning import cancel, plan, readdress, send_login_code, withdraw
from portal.notifications.services.receipts import receive
from portal.notifications.services.retention import forget, forget_old
from portal.notifications.services.sending import dispatch, send

__all__ = [
    "call_instead",
    "called",
    "cancel",
    "dispatch",
    "forget",
    "forget_old",
    "not_reached",
    "plan",
    "readdress",
    "receive",
    "send",
    "send_again",
    "send_login_code",
    "undo_call",
    "withdraw",
]
