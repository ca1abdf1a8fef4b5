"""docker-compose.yml: exact versions, limits of memory, and a database role that owns its schema only."""

import re

import pytest
import yaml
from django.conf import settings


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
