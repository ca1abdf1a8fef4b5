from centers.admin import calendar, people, places, tokens
from centers.days import admin as days
from centers.duty import admin as duty

__all__ = ["calendar", "days", "duty", "people", "places", "tokens"]
