# The TLS proxy: the usual Caddy, with a data directory that its unprivileged user can write.
ARG PROXY_IMAGE=docker.io/library/caddy:2
# hadolint ignore=DL3006
FROM ${PROXY_IMAGE}
RUN mkdir -p /data && chown -R 10002:10002 /data
COPY ops/compose/Caddyfile /etc/caddy/Caddyfile
USER 10002
VOLUME /data
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
