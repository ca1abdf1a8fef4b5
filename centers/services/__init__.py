"""What changes places, their calendar, their closures and the people they serve."""
