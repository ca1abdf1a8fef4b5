"""Every component renders without JavaScript and within the CSP."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from portal.ui import assets

COMPONENTS = sorted(Path(settings.BASE_DIR, "templates/components").glob("*.html"))


@pytest.fixture
def page(client, db):
    response = client.get("/styleguide/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def rendered(client, db):
    return {template.name for template in client.get("/styleguide/").templates}


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
def test_every_component_is_shown(component, rendered):
    if component.stem == "field":  # the same as {{ field.as_field_group }}
        assert "django/forms/field.html" in rendered
    else:
        assert f"components/{component.name}" in rendered


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
def test_every_component_states_its_inputs(component):
    assert component.read_text().startswith("{% comment %}\n")


def test_nothing_breaks_the_page_policy(page):
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", page)


def test_an_error_stands_before_its_field_and_is_joined_to_it(page):
    assert 'aria-describedby="refused_phone_helptext refused_phone_error"' in page
    assert page.index('id="refused_phone_error"') < page.index('id="refused_phone"')


def test_the_summary_leads_to_the_field(page):
    assert 'href="#refused_phone"' in page


def test_every_link_of_the_summary_leads_somewhere(page):
    summary = page[page.index('class="error-summary"') :].split("</ul>")[0]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert [target for target in targets if f'id="{target}"' not in page] == []
    assert "refused_channel_0" in targets


def test_ids_are_used_once(page):
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))


def test_the_page_fits_a_village_line(client, db):
    html = len(gzip.compress(client.get("/styleguide/").content))
    assert html + sum(len(assets.bundle(name).gzipped) for name in assets.BUNDLES) <= 30_000
