from appointments.models.appointment import Appointment, Place
from appointments.models.catalog import Category, ServiceItem
from appointments.models.slot import Slot

__all__ = ["Appointment", "Category", "Place", "ServiceItem", "Slot"]
