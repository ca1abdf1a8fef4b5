"""Spreadsheet import and export: upload checks, parsing, and escaping against CSV injection."""
