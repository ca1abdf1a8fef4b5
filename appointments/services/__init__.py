from appointments.services import attendance, booking, slots

__all__ = ["attendance", "booking", "slots"]
