"""Cases of some centers, with a random generator of their own, so that another case does not change the bookings."""

from random import Random

from centers import codes
from centers.workdays import Workdays
from portal.dashboards.demo import cases, messages, places
from portal.dashboards.demo.diary import Diary
from portal.dashboards.demo.plan import Shared, Site
from portal.notifications.models import Message


def carry(diaries: list[tuple[Site, Diary]], shared: Shared) -> None:
    """Runs after the bookings, because codes are unique. The only official is the demo login of one township."""
    shelf, is_workday, now = cases.Shelf(), Workdays(), shared.plan.now
    reach = codes.prefix(codes.ancestors(shared.cast.mother.division.code)[-1])
    for site, book in diaries:
        code = site.center.division.code
        items = shared.items[places.home_of_catalogue(site.center.division, shared.plan.under)]
        teller = cases.Teller(
            shelf,
            Random(f"{shared.plan.seed}:cases:{code}"),
            site.center,
            site.staff,
            shared.cast.users["township"] if code.startswith(reach) else None,
            is_workday,
            now,
            {appointment.code for appointment in book.appointments},
        )
        cases.fill(teller, site.profile.kind, items, site.residents)
        if site.number == 0:
            cases.of_the_family(teller, items, shared.cast.mother, shared.cast.son)
    shelf.store()
    said = [message for case in shelf.cases for message in messages.about_case(case, now)]
    Message.objects.bulk_create(said, batch_size=1000)
