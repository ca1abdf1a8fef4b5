"""Sheets that townships and counties fill in: uploaded, checked, confirmed, written in the background, undone."""
