# Stand-ins for the public images of docker-compose.yml, where no registry of images is reached:
# made of Debian's packages, with the paths, users and start-up contract of the originals.
ARG BASE_IMAGE=docker.io/library/debian:bookworm-slim

# hadolint ignore=DL3006
FROM ${BASE_IMAGE} AS postgis
# hadolint ignore=DL3008
RUN mkdir -p /etc/postgresql-common \
    && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf \
    && groupadd --gid 999 postgres && useradd --uid 999 --gid 999 --no-create-home postgres \
    && apt-get update \
    && apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-confold \
        postgresql-15 postgresql-15-postgis-3 \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o postgres -g postgres -m 1777 /var/lib/postgresql/data /var/run/postgresql
COPY ops/compose/test/postgres-entrypoint /usr/local/bin/docker-entrypoint.sh
ENV PATH=/usr/lib/postgresql/15/bin:$PATH
USER 999
VOLUME /var/lib/postgresql/data
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]

# hadolint ignore=DL3006
FROM ${BASE_IMAGE} AS redis
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends redis-tools \
    && rm -rf /var/lib/apt/lists/* \
    && ln -sf redis-check-rdb /usr/bin/redis-server && install -d -o 999 -g 999 /data
USER 999
VOLUME /data
CMD ["redis-server"]

# hadolint ignore=DL3006
FROM ${BASE_IMAGE} AS caddy
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends caddy wget \
    && rm -rf /var/lib/apt/lists/*
CMD ["caddy"]
