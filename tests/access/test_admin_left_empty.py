"""Forms of the admin: what may be left empty is left empty, and nothing answers 500."""

import pytest

from appointments.models import ServiceItem
from tests import factories
from tests.access.test_hostile_text import LINES, ask
from tests.access.test_matrix import world  # noqa: F401
from tests.access.test_values_out_of_bounds import Filled, good
from tests.centers.test_admin_scope import administrator, as_superuser, page  # noqa: F401

pytestmark = pytest.mark.django_db

FORMS = [line for line in LINES if line.startswith("admin:") and line.endswith(("_add", "_change"))]


@pytest.mark.parametrize("line", FORMS)
def test_what_may_be_left_empty_breaks_no_form(world, line):  # noqa: F811
    client, path = world.client("admin"), world.path(line)
    shown = client.get(path)
    found = Filled(shown.content.decode()).found
    given = next((fields for _method, _action, fields in found if "_save" in fields), None)
    if given is None:  # a page to read only
        return
    given |= {name: text for name, text in good().items() if name in given and not given[name]}
    for inline in shown.context["inline_admin_formsets"]:
        given |= {f"{inline.formset.prefix}-{count}_FORMS": "0" for count in ("TOTAL", "INITIAL")}
    optional = [name for name, field in shown.context["adminform"].form.fields.items() if not field.required]
    parts = {name: [part for part in given if part in (name, f"{name}_0", f"{name}_1")] for name in optional}
    tried = [dict.fromkeys(names, "") for names in parts.values()]
    tried.append({part: "" for names in parts.values() for part in names})

    assert [emptied for emptied in tried if ask(client, "post", path, given | emptied).status_code >= 500] == []


@pytest.fixture
def saved(as_superuser, county):  # noqa: F811
    """`saved(typed)`: the materials of an item whose form was sent with this, and the answer."""
    item = factories.ServiceItemFactory(division=county, materials=["身份证"])
    path = page(ServiceItem, "change", item.pk)
    (given,) = [fields for _m, _a, fields in Filled(as_superuser.get(path).content.decode()).found if "_save" in fields]

    def send(typed: str) -> tuple[list, str]:
        answer = as_superuser.post(path, given | {"materials": typed}).content.decode()
        return ServiceItem.objects.current().get(code=item.code).materials, answer

    return send


@pytest.mark.parametrize(("typed", "held"), [("", []), ("null", []), ('["户口簿"]', ["户口簿"])])
def test_no_materials_are_an_empty_list(saved, typed, held):
    assert saved(typed)[0] == held


@pytest.mark.parametrize("typed", ["3", "{}", '"身份证"', "[1]", "[null]"])
def test_control_what_is_no_list_of_texts_is_refused(saved, typed):
    held, answer = saved(typed)

    assert held == ["身份证"] and "什么都不用带，就空着" in answer
