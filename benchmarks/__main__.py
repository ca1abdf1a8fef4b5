"""`python -m benchmarks [name …]`: run every benchmark, or those named. Each is a module here with `run()`.

`booking:S2` runs one figure of several.
"""

import importlib
import sys

# Not listed: shared modules, such as the bare views, which need Django's settings.
BENCHMARKS = ["booking", "desk", "divisions", "load", "messages", "pages", "served", "switches", "wire"]


def main(names: list[str]) -> int:
    if unknown := [name for name in names if name.partition(":")[0] not in BENCHMARKS]:
        print(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        name, _colon, figure = name.partition(":")
        importlib.import_module(f"benchmarks.{name}").run(*[figure] if figure else [])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
