from centers.admin import calendar, people, places

__all__ = ["calendar", "people", "places"]
