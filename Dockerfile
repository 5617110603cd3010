# syntax=docker/dockerfile:1
# One image for the web server, the worker, the schedule and the migration; docker-compose.yml says which runs what.

FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements/base.txt /requirements.txt
RUN /venv/bin/pip install --require-hashes --requirement /requirements.txt

FROM python:3.11-slim-bookworm
RUN useradd --create-home --uid 10001 app
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=thuiszitters.settings \
    MODE=server \
    VAR_DIR=/app/var \
    PORT=8000 \
    WEB_CONCURRENCY=2
COPY --from=packages /venv /venv
WORKDIR /app
COPY --chown=app . .
RUN mkdir -p /app/var/vernietigd && chown -R app /app/var
USER 10001
# The static files belong to the image. The settings want their secrets even for this, and none of these values remains.
RUN SECRET_KEY=only-while-building FIELD_KEYS=only-while-building DIGEST_KEY=only-while-building \
    AUDIT_KEYS=only-while-building ALLOWED_HOSTS=localhost \
    DATABASE_URL=sqlite://:memory: REDIS_URL=redis://localhost \
    python manage.py collectstatic --noinput
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=4 CMD ["python", "scripts/healthcheck.py", "web"]
CMD ["gunicorn", "thuiszitters.wsgi", "--threads", "4", "--timeout", "60", "--max-requests", "2000", "--max-requests-jitter", "200", "--no-control-socket", "--access-logfile", "-", "--access-logformat", "%(m)s %(U)s %(s)s %(M)sms"]
