"""docker-compose.yml: exact versions, limits of memory, and a database role that owns its schema only."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.db import connection

from tests.operations.processes import environment, url_of
from tests.servers import import_pgserver


def services() -> dict[str, dict]:
    return yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())["services"]


@pytest.mark.parametrize("name", services())
def test_each_image_is_of_an_exact_version(name):
    image = services()[name]["image"]
    assert image == "jiamenkou" or re.search(r":\d+\.\d+(\.\d+)?-", image)


def test_so_is_the_one_that_ours_is_built_on():
    first = (settings.BASE_DIR / "Dockerfile").read_text().splitlines()[0]
    assert re.fullmatch(r"FROM python:\d+\.\d+\.\d+-slim-bookworm", first)


@pytest.mark.parametrize("name", services())
def test_each_service_has_a_limit_of_memory_and_comes_back(name):
    service = services()[name]
    assert service["mem_limit"] == service["memswap_limit"]
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")


@pytest.mark.django_db(transaction=True)
def test_the_portal_signs_in_as_a_role_that_owns_its_schema_and_is_no_superuser():
    """The shipped script on a server of our own; then the migrations, as that role."""
    if connection.vendor != "postgresql":
        pytest.skip("about PostgreSQL")
    folder = settings.BASE_DIR / "deploy" / "postgres"
    assert "./deploy/postgres:/docker-entrypoint-initdb.d:ro" in services()["postgres"]["volumes"]
    login = {"POSTGRES_USER": connection.settings_dict["USER"], "PORTAL_PASSWORD": "it's secret"}
    server = {"PGHOST": connection.settings_dict["HOST"], "PGPORT": connection.settings_dict["PORT"] or "5432"}
    with connection.cursor() as cursor:
        try:
            subprocess.run(
                ["sh", folder / "portal-role.sh"], env={**os.environ, **login, **server, "PATH": path()}, check=True
            )
            cursor.execute("SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'portal'")
            assert cursor.fetchall() == [(False, False, False)]
            url = url_of("portal").replace("postgres@", "portal:it%27s%20secret@", 1)
            command = [sys.executable, "-W", "ignore", "manage.py", "migrate", "-v0"]
            subprocess.run(command, cwd=settings.BASE_DIR, env=environment(DATABASE_URL=url), check=True)
        finally:
            cursor.execute("DROP DATABASE IF EXISTS portal WITH (FORCE)")
            cursor.execute("DROP ROLE IF EXISTS portal")


def path() -> str:
    """With PostgreSQL's programs of the wheel."""
    return f"{Path(import_pgserver().__file__).parent / 'pginstall' / 'bin'}:{os.environ['PATH']}"
