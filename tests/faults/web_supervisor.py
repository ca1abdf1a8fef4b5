"""Web workers to be killed: granian as shipped, restarted as a service manager would, with the portal preloaded.

`python -m tests.faults.web_supervisor <granian's options>`. Loading the portal before the fork lets a new worker
start within milliseconds, so that hundreds can be killed. SLOW_ANSWER adds seconds between the commit and the
response, where a kill hurts most; a file in IN_HAND, named by its pid, tells that a worker is in that state.
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
    import tests.faults.web_supervisor  # preloads it for the workers  # noqa: F401

    current = 0

    def end(*_) -> None:
        if current:
            os.kill(current, signal.SIGTERM)
            os.waitpid(current, 0)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    while True:
        # granian gives up when a worker dies twice within 5.5 s; the supervisor restarts it.
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
