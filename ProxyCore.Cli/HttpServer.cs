using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Sockets;
using ProxyCore.Platform;

namespace ProxyCore.Cli;

/// <summary>Kestrel on one endpoint, for the admin page, toxiproxy's API and the demo's files. HTTP/1 only.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ProxyEndpoint _listen;

    // Of the Unix socket that it listens on, if it does.
    private readonly IReadOnlyList<UnixSocketFile> _files;

    private HttpServer(WebApplication application, ProxyEndpoint listen, IReadOnlyList<UnixSocketFile> files)
    {
        _application = application;
        _listen = listen;
        _files = files;
    }

    /// <summary>The address to connect to.</summary>
    internal ProxyEndpoint Endpoint => _listen.IsPortOpen ? ProxyEndpoint.Parse(Address.Authority) : _listen;

    /// <summary>The URL to open in a browser.</summary>
    internal string Url => Endpoints.Url(_listen, _listen.Kind == ProxyEndpointKind.UnixSocket ? 0 : Address.Port);

    private Uri Address => new(_application.Urls.First());

    /// <param name="listen">Where it listens. Port 0 lets the system choose, of one address family.</param>
    /// <param name="loggerFactory">Where it logs.</param>
    /// <param name="configure">Sets the limits.</param>
    /// <param name="configureConnections">Adds middleware for each connection.</param>
    /// <param name="build">Adds middleware for each request.</param>
    /// <exception cref="ListenException">It can't listen there.</exception>
    internal static async Task<HttpServer> StartAsync(
        ProxyEndpoint listen,
        ILoggerFactory loggerFactory,
        Action<KestrelServerOptions> configure,
        Action<IConnectionBuilder> configureConnections,
        Action<WebApplication> build)
    {
        var files = new List<UnixSocketFile>();
        WebApplication application = Create(loggerFactory, files, kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ConfigureEndpointDefaults(endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1;
                configureConnections(endpoint);
            });
            configure(kestrel);
            Listen(kestrel, listen);
        });
        try
        {
            application.Use(new RequestShield(loggerFactory.CreateLogger<HttpServer>(), TimeProvider.System).InvokeAsync);
            build(application);
            if (listen.Kind == ProxyEndpointKind.UnixSocket)
            {
                UnixSocketFile.RemoveStale(listen);
            }

            await application.StartAsync();
            return new HttpServer(application, listen, files);
        }
        catch (Exception exception) when (exception is (IOException or SocketException) and not ListenException)
        {
            await application.DisposeAsync();
            throw new ListenException(listen.ToString(), Cause(exception), innerException: exception);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Closes connections that only wait for the next request, lets requests finish until <paramref name="atOnce"/> is
    /// cancelled, and cuts the rest.
    /// </summary>
    internal Task StopAsync(CancellationToken atOnce)
    {
        RemoveFiles();
        return _application.StopAsync(atOnce);
    }

    public ValueTask DisposeAsync()
    {
        RemoveFiles();
        return _application.DisposeAsync();
    }

    /// <summary>While the socket is still open: see <see cref="UnixSocketFile.Remove"/>.</summary>
    private void RemoveFiles()
    {
        foreach (UnixSocketFile file in _files)
        {
            file.Remove();
        }
    }

    /// <summary>Kestrel's own socket deletes the file at its path when it closes, even another process's.</summary>
    private static Socket Bind(EndPoint endpoint, List<UnixSocketFile> files)
    {
        if (endpoint is not UnixDomainSocketEndPoint || !TargetSystem.IsLinux)
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        }

        string path = endpoint.ToString()!;
        Socket socket = ListenSocket.BindUnix(path);
        files.Add(new UnixSocketFile(path));
        return socket;
    }

    private static WebApplication Create(
        ILoggerFactory loggerFactory, List<UnixSocketFile> files, Action<KestrelServerOptions> configure)
    {
        // Neither the folder nor the environment configures it: no appsettings.json, no ASPNETCORE_URLS.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = Product.Name,
            EnvironmentName = Environments.Production,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Services
            .AddSingleton(loggerFactory)
            .AddSingleton<IHostLifetime, NoLifetime>()
            .AddRoutingCore()
            .Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = endpoint => Bind(endpoint, files))
            .Configure<HostOptions>(static host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(configure);
        return builder.Build();
    }

    private static void Listen(KestrelServerOptions kestrel, ProxyEndpoint listen)
    {
        switch (listen)
        {
            case { Kind: ProxyEndpointKind.UnixSocket }:
                kestrel.ListenUnixSocket(Path.GetFullPath(listen.Path!));
                break;
            case { Kind: ProxyEndpointKind.Any }:
                kestrel.ListenAnyIP(listen.Port);
                break;
            case { Kind: ProxyEndpointKind.Loopback, Port: not 0 }:
                kestrel.ListenLocalhost(listen.Port);
                break;
            default:
                kestrel.Listen(listen.Address ?? IPAddress.Loopback, listen.Port);
                break;
        }
    }

    private static string Cause(Exception exception) => exception switch
    {
        { InnerException: AddressInUseException } => ConnectionErrors.Describe(SocketError.AddressAlreadyInUse),
        SocketException { SocketErrorCode: var error } => ConnectionErrors.Describe(error),
        _ => exception.Message,
    };

    /// <summary>Leaves the signals to the command; the default lifetime of a host would handle them.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
