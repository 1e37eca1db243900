# The proxy in a container. Deno comes from npm, pinned, as it does for developers and CI: one
# source for one version. The base brings an unprivileged user, `node`, and what the health
# check needs.
FROM node:22-bookworm-slim

RUN npm install --global deno@2.9.6 && deno --version

WORKDIR /app
RUN chown node:node /app
USER node
ENV DENO_DIR=/app/.deno DENO_NO_UPDATE_CHECK=1

COPY --chown=node:node . .
RUN deno install --frozen --entrypoint main.ts proxy/worker.ts telemetry/otlp.ts

EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["node", "-e", "\
const address = process.env.ADMIN_ADDR || '127.0.0.1:9090';\
const url = 'http://' + address.replace(/^:/, '127.0.0.1:') + '/healthz';\
if (address !== 'off') fetch(url).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1));\
"]

CMD ["deno", "run", "--v8-flags=--no-allocation-site-pretenuring", "--cached-only", "--no-prompt", "--allow-net", "--allow-read=.", "--allow-write=metrics", "--allow-env=LISTEN_ADDR,HTTP_FRONT,UPSTREAM_ENDPOINT,UPSTREAM_ACCESS_KEY_ID,UPSTREAM_SECRET_ACCESS_KEY,UPSTREAM_SESSION_TOKEN,UPSTREAM_REGION,CLIENT_ACCESS_KEY_ID,CLIENT_SECRET_ACCESS_KEY,CACHE_ENABLED,CACHE_DRYRUN,CACHE_VERIFY_SAMPLE,CACHE_SHARDS,CACHE_MAX_ENTRIES,CACHE_MAX_SIZE_BYTES,CACHE_MAX_OBJECT_SIZE_BYTES,CACHE_TTL_SECONDS,CACHE_STALE_IF_ERROR_SECONDS,CACHE_STALE_WHILE_REVALIDATE_SECONDS,CACHE_WHOLE_OBJECT_MAX_BYTES,CACHE_CHECK_MD5,WORKER_THREADS,VIRTUAL_HOST_DOMAIN,ADMIN_ADDR,ADMIN_ALLOWED_HOSTS,UPSTREAM_PRICE_PER_GB,UPSTREAM_PRICE_PER_1000_REQUESTS,UPSTREAM_UNREACHABLE_LIMIT_SECONDS,OTEL_GRPC_ENDPOINT_URL,OTEL_EXPORTER_OTLP_HEADERS,OTEL_METRIC_EXPORT_INTERVAL,PROMETHEUS_TEXTFILE_DIR,ACCESS_LOG,UPSTREAM_CONNECT_TIMEOUT_SECONDS,UPSTREAM_FIRST_BYTE_TIMEOUT_SECONDS,UPSTREAM_IDLE_TIMEOUT_SECONDS,UPSTREAM_MAX_CONNECTIONS,CLIENT_IDLE_TIMEOUT_SECONDS,LOST_WRITE_GRACE_SECONDS,DRAIN_TIMEOUT_SECONDS,LOG_LEVEL", "main.ts"]
