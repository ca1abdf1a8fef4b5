"""`make check`: lint, and the fast tests that lie nearest to what changed, in under a minute.

A file leads to what it names: a module to its imports, its templates and what a table of settings names that it reads
(portal/registries.py), a template to what it includes, a test besides to the views behind its addresses and to the
fixtures of its folders. Tests from which fewest steps lead to a changed file
come first. Those that do not fit into the time are skipped and counted: `make test` runs everything.
"""

import ast
import os
import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve

from tests.changes import ROOT, since_main, uncommitted

SECONDS = 45  # until the last test begins; the others are for what is under way then
SLOW = "browser or race or fault or load or looks or slow"
MODULES = 25  # to collect more of them takes longer than to run those
LINT = [
    ["ruff", "check", "--quiet"],
    ["ruff", "format", "--check", "--quiet"],
    ["djlint", "--lint", "--quiet", "templates"],
    ["mypy", "--no-error-summary"],
    ["lint-imports"],
    ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
]
# Tests that read files instead of importing them.
READERS = {
    ".html": ["tests/test_templates.py", "tests/test_translation.py", "tests/ui/test_styleguide.py"],
    ".md": ["tests/test_docs.py"],
    ".po": ["tests/test_translation.py"],
    ".py": ["tests/test_repository.py", "tests/test_architecture.py", "tests/test_translation.py"],
    ".css": ["tests/ui/test_assets.py"],
    ".js": ["tests/ui/test_assets.py"],
}
SETTINGS = ("portal/settings.py", "portal/registries.py")
TEMPLATE = re.compile(r"[\w/.-]+\.(?:html|txt)")


def main() -> int:
    began = time.time()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    changed = since_main() or uncommitted()
    if not changed:
        print("Nothing differs from main.")
    lint = [begin(command) for command in LINT]
    django.setup()
    chosen = nearest(changed)
    print(f"{len(changed)} files changed, {len(chosen)} test modules lead to them, {len(chosen[:MODULES])} are asked")
    failed = chosen and run(chosen[:MODULES], until=began + SECONDS)
    wrong = [judged.args for judged in lint if not passes(judged)]
    verdict = f"lint {'FAILED' if wrong else 'clean'}, tests {'FAILED' if failed else 'passed as far as they ran'}"
    print(f"make check: {verdict}, {time.time() - began:.0f} s")
    return int(bool(failed or wrong))


def begin(command: list[str]) -> subprocess.Popen:
    program = str(Path(sys.executable).parent / command[0])
    return subprocess.Popen(
        [program, *command[1:]], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def passes(judged: subprocess.Popen) -> bool:
    said = judged.communicate()[0]
    if judged.returncode:
        print(f"== {' '.join(judged.args)}\n{said}")
    return judged.returncode == 0


def run(tests: list[str], until: float) -> int:
    # One at a time to each worker, so that the nearest come first.
    options = ["-n", "2", "--dist", "load", "--maxschedchunk", "1", "-p", "no:randomly", "-q", "--tb=short"]
    command = [sys.executable, "-m", "pytest", *options, "-m", f"not ({SLOW})", f"--until={until}", *tests]
    nothing_collected = 5
    return subprocess.run(command, cwd=ROOT).returncode not in (0, nothing_collected)


def nearest(changed: set[str]) -> list[str]:
    """Test modules from which anything changed is reached, by the number of steps, then by words that they share."""
    steps = steps_to(changed)
    tests = {name for name in steps if re.search(r"(^|/)test_\w+\.py$", name)}
    ranked = sorted(tests, key=lambda test: (steps[test], -max(shared(test, name) for name in changed), test))
    readers = [test for name in sorted(changed) for test in READERS.get(Path(name).suffix, [])]
    return [test for test in dict.fromkeys([*readers, *ranked]) if (ROOT / test).exists()]


def steps_to(changed: set[str]) -> dict[str, int]:
    named_by: dict[str, set[str]] = {}
    for name, others in graph().items():
        for other in others:
            named_by.setdefault(other, set()).add(name)
    steps, queue = dict.fromkeys(changed, 0), deque(changed)
    while queue:
        name = queue.popleft()
        for nearer in named_by.get(name, ()) - steps.keys():
            steps[nearer] = steps[name] + 1
            queue.append(nearer)
    return steps


def shared(test: str, name: str) -> int:
    return len(set(re.findall(r"[a-z]+", test)) & set(re.findall(r"[a-z]+", name)))


@cache
def graph() -> dict[str, set[str]]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z", "--", "*.py", "*.html", "*.txt"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    known = {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}
    views = views_by_name()
    return {name: set(named_in(name, known, views)) & known - {name} for name in known}


def named_in(name: str, known: set[str], views: dict[str, str]) -> Iterator[str]:
    text = (ROOT / name).read_text()
    for template in TEMPLATE.findall(text):
        yield f"templates/{template}"
    if not name.endswith(".py"):
        return
    is_test = name.startswith("tests/")
    for node in ast.walk(ast.parse(text)):
        yield from imported(node, name)
        yield from registered(node)
        if is_test and (said := string(node)):
            yield views.get(said) or view_at(said)
            yield from files_of(said)  # pytest_plugins, and what settings and patches name
    if is_test:
        yield from (f"{folder}/conftest.py" for folder in Path(name).parents)


def imported(node: ast.AST, name: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield from files_of(alias.name)
    elif isinstance(node, ast.ImportFrom) and node.module:
        base = node.module if not node.level else ".".join([*Path(name).parts[: -node.level], node.module])
        yield from files_of(base)
        for alias in node.names:
            yield from files_of(f"{base}.{alias.name}")


def registered(node: ast.AST) -> Iterator[str]:
    """`settings.FIGURES` leads to the modules of that table, and to where it stands."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "settings":
        yield from tables().get(node.attr, ())


@cache
def tables() -> dict[str, list[str]]:
    """By the name of a setting: its module, and the files that its dotted paths may lead to."""
    found = {}
    for name in SETTINGS:
        for node in ast.parse((ROOT / name).read_text()).body:
            if isinstance(node, ast.Assign | ast.AnnAssign):
                paths = {path for part in ast.walk(node.value) if "." in (path := string(part))}
                files = [
                    file for path in paths for module in (path, path.rpartition(".")[0]) for file in files_of(module)
                ]
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found |= {target.id: [name, *files] for target in targets if isinstance(target, ast.Name)}
    return found


def files_of(module: str) -> list[str]:
    path = module.replace(".", "/")
    return [f"{path}.py", f"{path}/__init__.py"]


def string(node: ast.AST) -> str:
    """What a literal says; of an f-string with 1 for whatever is filled in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "1" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def view_at(address: str) -> str:
    if not address.startswith("/"):
        return ""
    try:
        return file_of(resolve(re.sub(r"{\w+}", "1", address).partition("?")[0]).func)
    except (Resolver404, NoReverseMatch, ValueError):
        return ""


def views_by_name() -> dict[str, str]:
    def walk(resolver, prefix: str = "") -> Iterator[tuple[str, str]]:
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern, prefix + (f"{pattern.namespace}:" if pattern.namespace else ""))
            elif pattern.name:
                yield prefix + pattern.name, file_of(pattern.callback)

    return dict(walk(get_resolver()))


def file_of(view) -> str:
    module = sys.modules[getattr(view, "view_class", view).__module__]
    path = Path(module.__file__)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else ""


if __name__ == "__main__":
    sys.exit(main())
