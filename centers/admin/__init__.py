from centers.admin import calendar, people, places, succession, tokens
from centers.days import admin as days
from centers.duty import admin as duty

__all__ = ["calendar", "days", "duty", "people", "places", "succession", "tokens"]
