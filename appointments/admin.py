"""Django looks for an app's admin here; each subject has its own."""

from appointments.booking import admin as booking
from appointments.cases import admin as cases
from appointments.catalog import admin as catalog
from appointments.desk.offline import admin as offline
from appointments.slots import admin as slots
from appointments.tickets import admin as tickets
from appointments.waiting import admin as waiting

__all__ = ["booking", "cases", "catalog", "offline", "slots", "tickets", "waiting"]
