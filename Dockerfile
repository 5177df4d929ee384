# syntax=docker/dockerfile:1
#
# Bellhop as a small image without a shell, for an unprivileged user and a read-only root:
#
#   docker build -t bellhop .
#   docker run --env-file .env -p 3978:3978 -v bellhop-data:/data \
#     --read-only --tmpfs /tmp:noexec,size=16m --cap-drop ALL --security-opt no-new-privileges \
#     --memory 512m --pids-limit 128 bellhop

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Type declarations, TypeScript sources and source maps are half of what gets installed, and nothing reads them here.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' \) -delete \
  && mkdir /data

FROM gcr.io/distroless/nodejs24-debian13:nonroot
WORKDIR /app
COPY --from=dependencies --chown=65532:65532 /data /data
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY manifest ./manifest
COPY --from=build /app/dist ./dist
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3978 DATABASE_URL=sqlite:/data/bellhop.db
USER 65532:65532
VOLUME /data
EXPOSE 3978
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["/nodejs/bin/node", "-e", \
  "fetch(`http://127.0.0.1:${process.env.PORT}/livez`, { signal: AbortSignal.timeout(4000) }).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# A small young generation and an old one that is collected before it has grown far: docs/performance.md has the figures.
CMD ["--max-semi-space-size=4", "--heap-growing-percent=50", "dist/main.js"]
