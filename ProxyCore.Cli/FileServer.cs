using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli;

/// <summary>The demo's upstream: an HTTP server on this machine only, for the files of one folder.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IServer _kestrel;

    private FileServer(ServiceProvider services, IServer kestrel, ProxyEndpoint endpoint)
    {
        _services = services;
        _kestrel = kestrel;
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
        ServiceProvider services = BareKestrel.Create(loggerFactory, kestrel => Configure(kestrel, listen));
        try
        {
            IServer kestrel = services.GetRequiredService<IServer>();
            await kestrel.StartAsync(new FolderApplication(folder, loggerFactory), CancellationToken.None);
            return new FileServer(services, kestrel, BoundEndpoint(kestrel, listen));
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await services.DisposeAsync();
            throw new ListenException(
                listen.ToString(),
                exception.InnerException is AddressInUseException ? "address already in use" : exception.Message,
                innerException: exception);
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets requests finish, however long they take, and closes connections that only wait for the next one.</summary>
    internal Task StopAsync() => _kestrel.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _services.DisposeAsync();
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

    private static ProxyEndpoint BoundEndpoint(IServer kestrel, ProxyEndpoint listen)
    {
        if (listen is { Kind: ProxyEndpointKind.UnixSocket } or { Port: not 0 })
        {
            return listen;
        }

        string address = kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        return ProxyEndpoint.Parse(new Uri(address).Authority);
    }
}
