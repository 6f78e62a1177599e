# The chat server with its page: docker build -t aerie-chat .
# script/test-container does the same steps where there is no container engine.
FROM debian:12-slim AS build
WORKDIR /src
COPY . .
RUN script/bootstrap
RUN cmake --preset release -DAERIE_BUILD_TESTS=OFF -DAERIE_BUILD_EXAMPLES=OFF -DAERIE_BUILD_BENCH=OFF
RUN cmake --build build/release --target aerie-chat
RUN cd apps/chat/web && npm run build
RUN install -D --strip build/release/bin/aerie-chat /out/usr/local/bin/aerie-chat && mkdir -p /out/usr/local/share/aerie && cp -r apps/chat/web/dist /out/usr/local/share/aerie/chat

FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends libbrotli1 libhiredis0.14 libpq5 libre2-9 libsqlite3-0 libssl3 zlib1g && rm -rf /var/lib/apt/lists/*
COPY --from=build /out /
RUN useradd --system --uid 10001 --home-dir /data --create-home aerie
USER aerie
WORKDIR /data
VOLUME /data
EXPOSE 4000
# SIGTERM drains: DRAIN_DELAY and DRAIN say how. `docker stop` gives it ten seconds unless it is told more.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/aerie-chat"]
