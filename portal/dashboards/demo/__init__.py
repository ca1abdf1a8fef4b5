"""Demo data: an invented county, deterministic by seed. Used only by the demo and load tests."""
