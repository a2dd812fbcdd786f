# The native command in an image without a shell: docs/deploy.md tells how to use it.
#   docker build -t proxycore .

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
# What the native build calls to link. Any version will do.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends clang zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# First what names the packages, so that they are fetched again only when it changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY ProxyCore/ProxyCore.csproj ProxyCore/
COPY ProxyCore.Cli/ProxyCore.Cli.csproj ProxyCore.Cli/
RUN dotnet restore ProxyCore.Cli --use-current-runtime -p:PublishAot=true
COPY .editorconfig ./
COPY ProxyCore ProxyCore
COPY ProxyCore.Cli ProxyCore.Cli
RUN dotnet publish ProxyCore.Cli --no-restore --use-current-runtime -p:PublishAot=true -o /out

# The same glibc as above, and nothing else that could be run.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled AS command
COPY --from=build /out/proxycore /usr/local/bin/proxycore
# The user "app" of the image, by number, so that Kubernetes sees that it is not root.
USER 1654
STOPSIGNAL SIGTERM

# In the place of toxiproxy's image: docs/toxiproxy.md.
#   docker build --target toxiproxy -t proxycore-toxiproxy .
FROM command AS toxiproxy
EXPOSE 8474
ENV LOG_LEVEL=info
ENTRYPOINT ["/usr/local/bin/proxycore", "toxiproxy"]
CMD ["-host=0.0.0.0"]

FROM command
# Clients; the admin page. Both as the configuration says.
EXPOSE 8080 9090
# SIGTERM lets open connections finish. Docker itself waits 10 s: docker stop --time 40.
ENTRYPOINT ["/usr/local/bin/proxycore"]
CMD ["--config", "/etc/proxycore/proxycore.json"]
