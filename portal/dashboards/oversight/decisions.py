"""What waits for an official's decision (等您决定), for the overview."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import access
from centers.models import ClosureNotice, Leave
from portal.accounts.models import User
from portal.accounts.roles import Permission


@dataclass(frozen=True, slots=True)
class Decision:
    """`words` such as 2个停开等批准; `url` lists them."""

    words: str
    url: str


def waiting_for(user: User) -> list[Decision]:
    """One entry a kind of which something waits, within the user's divisions. At most two queries."""
    closures = ClosureNotice.objects.undecided().filter(ends_at__gt=timezone.now())
    leaves = Leave.objects.for_township().filter(last_date__gte=timezone.localdate())
    kinds = [
        (closures, "center", Permission.APPROVE_CLOSURE, _("%(number)s个停开等批准"), "oversight_closures"),
        (leaves, "staff__center", Permission.APPROVE_LEAVE, _("%(number)s个请假等批准"), "duty_leaves"),
    ]
    found = []
    for rows, center, permission, words, page in kinds:
        number = access.bounded(rows, f"{center}__division__code", user, permission).count()
        if number:
            found.append(Decision(words % {"number": number}, reverse(page)))
    return found
