from assessments.models.rating import Level, Rating

__all__ = ["Level", "Rating"]
