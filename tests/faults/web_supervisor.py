"""Web workers to be killed: granian as shipped, begun again as a service manager would, the portal loaded once.

`python -m tests.faults.web_supervisor <granian's options>`. Loading the portal before the fork makes a new worker
stand after milliseconds, so that hundreds can be killed. SLOW_ANSWER lets seconds pass between the commit and the
answer: there a kill hurts most, and a file in IN_HAND, named by its pid, says that a worker has got there.
"""

import os
import signal
import sys
import time
from pathlib import Path

from portal.wsgi import application as portal

SLOW_ANSWER = float(os.environ.get("SLOW_ANSWER", "0"))


def application(environ, start_response):
    answer = portal(environ, start_response)
    if SLOW_ANSWER and environ["REQUEST_METHOD"] == "POST":
        Path(os.environ["IN_HAND"], str(os.getpid())).touch()
        time.sleep(SLOW_ANSWER)
    return answer


def main(options: list[str]) -> None:
    import tests.faults.web_supervisor  # so that the workers find it loaded  # noqa: F401

    current = 0

    def end(*_) -> None:
        if current:
            os.kill(current, signal.SIGTERM)
            os.waitpid(current, 0)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    while True:
        # granian gives up when a worker dies twice within 5.5 s; whatever supervises it begins it again.
        current = os.fork()
        if not current:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            sys.argv = ["granian", *options, "tests.faults.web_supervisor:application"]
            from granian.cli import entrypoint

            entrypoint()
            os._exit(0)
        os.waitpid(current, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
