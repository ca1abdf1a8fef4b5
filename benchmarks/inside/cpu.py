"""CPU time of requests within one process, without server or network: prints milliseconds for each address on stdin.

`python -m benchmarks.inside.cpu MODULE`, whose `application` is asked. Each answer is of REQUESTS requests.
"""

import importlib
import io
import logging
import sys
import time

REQUESTS = 20


def main(module: str) -> None:
    application = importlib.import_module(module).application
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        environ = environ_of(line.strip())
        status = asked(application, environ)
        started = time.process_time()
        for _request in range(REQUESTS):
            asked(application, environ)
        print(status[:3], (time.process_time() - started) / REQUESTS * 1000, flush=True)


def asked(application, environ: dict) -> str:
    said: list[str] = []
    answer = application(dict(environ), lambda status, headers, error=None: said.append(status))
    for _part in answer:
        pass
    getattr(answer, "close", lambda: None)()
    return said[0]


def environ_of(address: str) -> dict:
    path, _mark, query = address.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost:8000",
        "HTTP_ACCEPT_ENCODING": "gzip",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": "0",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


if __name__ == "__main__":
    main(sys.argv[1])
