"""Benchmark code that runs in a process with Django set up, on DATABASE_URL."""
