"""What differs from main: `python -m tests.changes templates static` exits with 0 if nothing there does.

Not where that cannot be told: in a clone without main, or of main itself.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def since_main() -> set[str] | None:
    """What was changed, added or deleted since this branch left main, also uncommitted; None if that cannot be told."""
    bases = {commit for name in ("origin/main", "main") if (commit := found("merge-base", "HEAD", name))}
    bases.discard(found("rev-parse", "HEAD"))
    if not bases:
        return None
    return set().union(*(files("diff", "--name-only", base) for base in bases)) | not_yet_added()


def uncommitted() -> set[str]:
    return files("diff", "--name-only", "HEAD") | not_yet_added()


def not_yet_added() -> set[str]:
    return files("ls-files", "--others", "--exclude-standard")


def files(*arguments: str) -> set[str]:
    return set(filter(None, git(*arguments, "-z").split("\0")))


def found(*arguments: str) -> str:
    try:
        return git(*arguments).strip()
    except subprocess.CalledProcessError:
        return ""


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def touches(changed: set[str] | None, places: list[str]) -> bool:
    return changed is None or any(Path(name).is_relative_to(place) for name in changed for place in places)


if __name__ == "__main__":
    sys.exit(touches(since_main(), sys.argv[1:]))
