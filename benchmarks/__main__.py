"""`python -m benchmarks [name …]`: run every benchmark, or those named. Each is a module here with `run()`.

`booking:S2` runs one figure of several.
"""

import importlib
import pkgutil
import sys

import benchmarks


def main(names: list[str]) -> int:
    known = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name != "__main__")
    if unknown := [name for name in names if name.partition(":")[0] not in known]:
        print(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    for name in names or known:
        name, _colon, figure = name.partition(":")
        module = importlib.import_module(f"benchmarks.{name}")
        if hasattr(module, "run"):  # what benchmarks share has none
            module.run(*[figure] if figure else [])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
