# Comptoir in one image: web, worker and the simulated world are three commands of it.
# docs/develop/deployment.md says how it is used, and what of it has been run.
FROM python:3.11-slim-bookworm AS build
WORKDIR /comptoir
COPY requirements.lock ./
RUN python -m venv /opt/comptoir \
    && /opt/comptoir/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data comptoir \
    && install -d -o comptoir -g comptoir -m 700 /data
WORKDIR /comptoir
COPY --from=build /opt/comptoir /opt/comptoir
COPY src ./src
ENV PATH=/opt/comptoir/bin:$PATH \
    PYTHONPATH=/comptoir/src \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    COMPTOIR_DATA=/data
USER comptoir
VOLUME /data
EXPOSE 8600
CMD ["python", "-m", "granian", "comptoir.config.wsgi:application", "--interface", "wsgi", \
     "--host", "0.0.0.0", "--port", "8600", "--no-ws", "--workers", "1", "--blocking-threads", "4", \
     "--respawn-failed-workers", "--workers-kill-timeout", "20", "--log-level", "warning"]
STOPSIGNAL SIGTERM
