"""Spreadsheets in and out: what may come in, how it is read, and how it is written so that it stays data."""
