# The studio as a server in a network, on the CPU.
#   docker build -t latent-studio .
#   docker run --rm -v studio:/data latent-studio people --add Ada       # prints a password
#   docker run -p 8443:8443 -v studio:/data latent-studio
# Behind another host name: … latent-studio serve --listen 0.0.0.0 --port 8443 --allow-host studio.example.org
# Models of yours: -v /path/to/models:/data/models:ro
FROM node:24-bookworm-slim AS build
WORKDIR /studio
COPY package.json package-lock.json .npmrc ./
RUN npm ci && npm rebuild node --ignore-scripts=false
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
WORKDIR /studio
ENV LATENT_STUDIO_DATA=/data NODE_COMPILE_CACHE=/tmp/compiled
# What runs: the commands from their sources, the built window, the included models.
COPY --from=build /studio/package.json /studio/package-lock.json ./
COPY --from=build /studio/node_modules node_modules
COPY --from=build /studio/scripts scripts
COPY --from=build /studio/src src
COPY --from=build /studio/resources resources
COPY --from=build /studio/out out
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8443
# Whether it answers: its own certificate is nobody's business here.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "require('node:https').get({ port: 8443, path: '/login', rejectUnauthorized: false }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
ENTRYPOINT ["node", "scripts/studio.mjs"]
CMD ["serve", "--listen", "0.0.0.0", "--port", "8443"]
