"""Bulk import: the national divisions (set-based SQL), and spreadsheets of centers, rooms, staff and residents."""
