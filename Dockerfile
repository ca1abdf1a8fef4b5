FROM python:3.11.14-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings \
    WEB_WORKERS=2 \
    WEB_THREADS=4
WORKDIR /app

# Before the code, so that a change of code does not install everything again.
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/base.txt

COPY . .
# The static files are part of the image: hashed and compressed here once, served by WhiteNoise.
RUN SECRET_KEY=only-for-this-step python manage.py collectstatic --noinput --verbosity=0 \
    && useradd --system --create-home --uid 10001 portal \
    && mkdir -p var/media \
    && chown -R portal var
USER portal

EXPOSE 8000
# Threads are capped: each may hold a database connection (docs/operations.md has the sum).
# The watch starts granian again when it does not answer; `exec`, so that SIGTERM reaches it and not a shell.
CMD ["sh", "-c", "exec python -I deploy/watch.py --port 8000 -- granian --interface wsgi --host 0.0.0.0 --port 8000 \
     --workers $WEB_WORKERS --blocking-threads $WEB_THREADS --respawn-failed-workers --workers-max-rss 600 \
     --workers-kill-timeout 30 --log-level warning portal.wsgi:application"]
