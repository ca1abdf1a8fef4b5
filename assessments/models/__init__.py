from assessments.models.rating import ABOVE, BAD_LEVEL, CENTER, Level, Rating

__all__ = ["ABOVE", "BAD_LEVEL", "CENTER", "Level", "Rating"]
