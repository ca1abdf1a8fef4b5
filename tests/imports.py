"""Which module imports which, read from the source: also inside functions and under TYPE_CHECKING."""

import ast
from collections.abc import Iterator
from pathlib import Path

Graph = dict[str, set[str]]


def graph(root: Path, packages: list[str]) -> Graph:
    """Each module below these packages of `root`, with the modules among them that it imports."""
    paths = {dotted(path.relative_to(root)): path for package in packages for path in (root / package).rglob("*.py")}
    return {name: set(targets(name, path, paths)) - {name} for name, path in paths.items()}


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def targets(name: str, path: Path, known: dict[str, Path]) -> Iterator[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for imported in names(path, package):
        # `from package import thing` is the module package.thing where there is one, else the package's own name.
        yield from [module for module in (imported, imported.rpartition(".")[0]) if module in known][:1]


def names(path: Path, package: str = "") -> Iterator[str]:
    """The dotted names that a file imports; `package` is where its relative imports begin."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{origin(node, package)}.{alias.name}" for alias in node.names)


def origin(node: ast.ImportFrom, package: str) -> str:
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    return ".".join([*above, *filter(None, [node.module])])


def circles(graph: Graph) -> set[frozenset[str]]:
    """The strongly connected components: each set of modules that all reach one another."""
    reached = {module: reachable(graph, module) for module in graph}
    return {
        frozenset(other for other in reached[module] if module in reached[other])
        for module in graph
        if module in reached[module]
    }


def reachable(graph: Graph, start: str) -> set[str]:
    """What `start` imports, directly or not; `start` itself only where the way leads back."""
    found: set[str] = set()
    ahead = [start]
    while ahead:
        new = graph[ahead.pop()] - found
        found |= new
        ahead += new
    return found
