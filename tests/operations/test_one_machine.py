"""The files of the one-machine shape fit together. The whole is tried by .ci/one-machine, in a machine that boots."""

import json
import re
import shlex
import subprocess
import sys

import pytest
from django.conf import settings

from deploy import command, verify

DEPLOY = settings.BASE_DIR / "deploy"
SETUP = (DEPLOY / "setup.sh").read_text()


def test_variables_are_read_as_systemd_reads_them():
    read = command.variables("# A=1\n;B=2\n\nC = 3 \nD='a b'\nE=\"=x\"\nF=家门口 <noreply@localhost>\nG=\nnothing\n")
    assert read == {"C": "3", "D": "a b", "E": "=x", "F": "家门口 <noreply@localhost>", "G": ""}


def test_the_set_up_starts_units_that_are_there():
    units = {path.name for path in (DEPLOY / "systemd").iterdir()}
    named = set(re.findall(r"jiamenkou-\w+\.(?:service|timer)", SETUP))
    assert named == units - {"jiamenkou-backup.service"}  # which the timer starts


def test_it_fills_in_variables_that_the_example_has():
    example = (settings.BASE_DIR / ".env.example").read_text()
    put = re.findall(r"^ +put (\w+)", SETUP, re.M)
    assert "SECRET_KEY" in put
    assert [name for name in put if not re.search(rf"^(# )?{name}=", example, re.M)] == []


@pytest.mark.parametrize("name", [path.name for path in (DEPLOY / "systemd").glob("*.service")])
def test_a_unit_runs_as_the_portals_user_and_writes_to_var_only(name):
    unit = (DEPLOY / "systemd" / name).read_text()
    for line in ["User=jiamenkou", "ProtectSystem=strict", "ReadWritePaths=/srv/jiamenkou/var", "UMask=0077"]:
        assert f"\n{line}\n" in unit


@pytest.mark.parametrize("word", ["worker", "beat"])
def test_celery_is_started_as_in_the_containers(word):
    (unit,) = re.findall(
        r"^ExecStart=\S+/(celery .*)$", (DEPLOY / f"systemd/jiamenkou-{word}.service").read_text(), re.M
    )
    (image,) = re.findall(
        rf"^ +command: (celery -A portal {word} .*)$", (settings.BASE_DIR / "docker-compose.yml").read_text(), re.M
    )
    assert shlex.split(unit.replace("${WORKER_CONCURRENCY}", "2")) == shlex.split(
        re.sub(r"\$\{\w+:-(\w+)\}", r"\1", image)
    )


@pytest.fixture
def site(monkeypatch, tmp_path):
    """A site whose every page answers, of which each test breaks something."""
    monkeypatch.setattr(verify, "MANIFEST", tmp_path / "staticfiles.json")
    verify.MANIFEST.write_text(json.dumps({"paths": {"admin/css/base.css": "admin/css/base.1.css"}}))
    answers = {
        ("/healthz", None): (200, ""),
        ("/readyz", None): (200, "{}"),
        ("/", None): (200, '<link rel="stylesheet" href="/assets/1/app.css">'),
        ("/assets/1/app.css", None): (200, ""),
        ("/static/admin/css/base.1.css", None): (200, ""),
        ("/", 80): (301, ""),
    }
    monkeypatch.setattr(verify.Site, "get", lambda self, path, port=None: answers.get((path, port), (404, "")))
    return answers


def test_a_site_that_is_well_has_no_fault(site):
    assert verify.faults(verify.Site("https://portal.example")) == []


@pytest.mark.parametrize(
    ("asked", "answer", "said"),
    [
        (("/readyz", None), (503, ""), "/readyz answers 503"),
        (("/", None), (500, ""), "the first page answers 500"),
        (("/assets/1/app.css", None), (404, ""), "app.css is not there"),
        (("/static/admin/css/base.1.css", None), (404, ""), "collectstatic"),
        (("/", 80), (200, ""), "does not lead to https"),
    ],
)
def test_what_is_not_right_is_named(site, asked, answer, said):
    site[asked] = answer
    (fault,) = verify.faults(verify.Site("https://portal.example"))
    assert said in fault


def test_static_files_that_were_never_collected_are_named(site):
    verify.MANIFEST.unlink()
    (fault,) = verify.faults(verify.Site("https://portal.example"))
    assert "jiamenkou collectstatic" in fault


def test_the_set_up_refuses_another_folder_before_it_changes_anything():
    ran = subprocess.run(["bash", DEPLOY / "setup.sh", "--packages"], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "/srv/jiamenkou" in ran.stderr or "as root" in ran.stderr


def test_a_command_without_env_says_what_to_do(tmp_path):
    (tmp_path / "deploy").mkdir()
    copy = tmp_path / "deploy" / "command.py"
    copy.write_text((DEPLOY / "command.py").read_text())
    ran = subprocess.run([sys.executable, "-I", copy, "migrate"], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "sudo jiamenkou migrate" in ran.stderr
