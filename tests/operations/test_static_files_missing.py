"""Where nobody has run `collectstatic`, pages answer without their style, and /readyz names the command."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

from portal import static_files

FILE = "admin/css/base.css"


def refuses(storage) -> bool:
    try:
        return not storage.url(FILE)
    except ValueError:
        return True


def test_a_file_that_was_not_collected_has_its_plain_address(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path

    assert refuses(CompressedManifestStaticFilesStorage(location=tmp_path, base_url="/static/"))  # the control
    assert static_files.Storage(location=tmp_path, base_url="/static/").url(FILE) == f"/static/{FILE}"


def test_readyz_names_the_command(client, db, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    assert client.get("/readyz").json()["static"] == {"status": "missing", "command": static_files.COMMAND}
    (tmp_path / static_files.MANIFEST).touch()
    assert client.get("/readyz").json()["static"] == {"status": "ok"}
