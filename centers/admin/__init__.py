from centers.admin import calendar, people, places, tokens

__all__ = ["calendar", "people", "places", "tokens"]
