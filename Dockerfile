# One image for web, worker, beat and migrations; what each does is in ops/compose/start.
# Any Debian 12 or newer will do as its base.
ARG BASE_IMAGE=docker.io/library/debian:bookworm-slim

# Debian keeps only the newest version of a package, so versions cannot be pinned here; what the
# application itself needs is pinned by hash in requirements/ and package-lock.json.
# hadolint ignore=DL3006
FROM ${BASE_IMAGE} AS base
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates fonts-noto-core gdal-bin libmagic1 python3 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app

FROM base AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*
COPY requirements requirements
COPY ops ops
RUN python3 -m ops build --only=python
COPY package.json package-lock.json .npmrc ./
RUN python3 -m ops build --only=packages
COPY . .
RUN python3 -m ops build \
    && rm -rf .local node_modules static/field \
    && chmod -R a+rX /var/lib/tessera/static

FROM base
RUN useradd --system --uid 10001 --no-create-home tessera \
    && install -d -o tessera /var/lib/tessera/media
COPY --from=build /app /app
COPY --from=build /var/lib/tessera/static /var/lib/tessera/static
ENV HOME=/tmp \
    LANG=C.UTF-8 \
    PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=core.settings \
    TESSERA_DATA_DIR=/var/lib/tessera
USER 10001
VOLUME /var/lib/tessera/media
EXPOSE 8000
ENTRYPOINT ["/app/ops/compose/start"]
CMD ["web"]
