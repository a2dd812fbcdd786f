using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli;

/// <summary>The demo's upstream: an HTTP server on this machine only, for the files of one folder.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FileServer(WebApplication application, ProxyEndpoint endpoint)
    {
        _application = application;
        Endpoint = endpoint;
    }

    /// <summary>Where it listens, to connect to.</summary>
    internal ProxyEndpoint Endpoint { get; }

    /// <param name="folder">What it serves: an absolute path.</param>
    /// <param name="listen">Where it listens: on loopback, or a Unix socket. Port 0 lets the system choose.</param>
    /// <param name="loggerFactory">Where it logs.</param>
    /// <exception cref="ListenException">It can't listen there.</exception>
    internal static async Task<FileServer> StartAsync(string folder, ProxyEndpoint listen, ILoggerFactory loggerFactory)
    {
        WebApplication application = Build(folder, listen, loggerFactory);
        try
        {
            await application.StartAsync();
            return new FileServer(application, BoundEndpoint(application, listen));
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await application.DisposeAsync();
            throw new ListenException(
                listen.ToString(),
                exception.InnerException is AddressInUseException ? "address already in use" : exception.Message,
                innerException: exception);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets requests finish, however long they take, and closes connections that only wait for the next one.</summary>
    internal Task StopAsync() => _application.StopAsync();

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static WebApplication Build(string folder, ProxyEndpoint listen, ILoggerFactory loggerFactory)
    {
        // Empty: the usual builders read settings from the current folder and the environment, and the folder is not
        // there to configure us.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, listen));
        builder.Services.AddSingleton(loggerFactory);
        builder.Services.AddSingleton<IHostLifetime, PassiveLifetime>();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        builder.Services.AddDirectoryBrowser();

        WebApplication application = builder.Build();
        application.UseFileServer(new FileServerOptions
        {
            FileProvider = new PhysicalFileProvider(folder),
            EnableDirectoryBrowsing = true,
            StaticFileOptions = { ServeUnknownFileTypes = true },
        });
        return application;
    }

    private static void Configure(KestrelServerOptions kestrel, ProxyEndpoint listen)
    {
        // A slow client is what a proxy is there for: it may take as long as it likes.
        kestrel.Limits.MinResponseDataRate = null;
        switch (listen)
        {
            case { Kind: ProxyEndpointKind.UnixSocket }:
                kestrel.ListenUnixSocket(Path.GetFullPath(listen.Path!));
                break;
            case { Kind: ProxyEndpointKind.Loopback, Port: not 0 }:
                kestrel.ListenLocalhost(listen.Port);
                break;
            default:
                kestrel.Listen(listen.Address ?? IPAddress.Loopback, listen.Port);
                break;
        }
    }

    private static ProxyEndpoint BoundEndpoint(WebApplication application, ProxyEndpoint listen) =>
        listen is { Kind: ProxyEndpointKind.UnixSocket } or { Port: not 0 }
            ? listen
            : ProxyEndpoint.Parse(new Uri(application.Urls.Single()).Authority);
}
