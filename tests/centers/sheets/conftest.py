import pytest

from centers.sheets import services


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """What is small is done in the request, however busy the machine is."""
    monkeypatch.setattr(services, "PATIENCE", 600)
