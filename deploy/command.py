#!/usr/bin/env -S python3 -I
"""A command of the portal on one machine, run as its services run: as their user, with the variables of .env.

jiamenkou check_invariants        is `manage.py check_invariants`; deploy/setup.sh links this file there
"""

import os
import pwd
import sys
from pathlib import Path

USER = "jiamenkou"
ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"


def variables(text: str) -> dict[str, str]:
    """As systemd reads an EnvironmentFile: NAME=value a line, the value in quotes or not."""
    found = {}
    for line in text.splitlines():
        name, given, value = line.strip().partition("=")
        if given and not name.startswith(("#", ";")):
            value = value.strip()
            is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
            found[name.strip()] = value[1:-1] if is_quoted else value
    return found


def become(user: str) -> None:
    entry = pwd.getpwnam(user)
    os.initgroups(user, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.environ["HOME"] = entry.pw_dir


def main() -> None:
    try:
        given = variables((ROOT / ".env").read_text())
    except OSError as error:
        sys.exit(f"{error}. Run this as root: sudo jiamenkou {' '.join(sys.argv[1:])}")
    if os.geteuid() == 0:
        become(USER)
    os.umask(0o077)
    os.chdir(ROOT)
    os.execve(PYTHON, [PYTHON, "manage.py", *sys.argv[1:]], {**os.environ, **given})


if __name__ == "__main__":
    main()
