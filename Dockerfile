# Fairlead in a container. Build: docker build -t fairlead .   Run: docker run -p 8080:8080 -v "$(pwd)/data:/app/data" fairlead
FROM node:22-slim AS web
WORKDIR /src
COPY . .
RUN scripts/web

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
COPY --from=web /src/web/dist web/dist
RUN scripts/dist

FROM eclipse-temurin:25-jre
RUN apt-get update \
 && apt-get install -y --no-install-recommends curl gosu \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin fairlead \
 && mkdir -p /app/data && chown -R fairlead:root /app && chmod -R g=u /app
COPY --from=build --chown=root:root /src/dist /app/dist
COPY --chown=root:root deploy/docker-entrypoint /app/entrypoint
ENV APP_HOST=0.0.0.0 APP_PORT=8080 APP_DIR=/app/data FAIRLEAD_LOG_STYLE=json JAVA_HOME=/opt/java/openjdk
VOLUME /app/data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD curl -fsS "http://127.0.0.1:${APP_PORT}/livez" || exit 1
ENTRYPOINT ["/app/entrypoint"]
