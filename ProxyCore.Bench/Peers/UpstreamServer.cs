using System.Net;
using System.Net.Sockets;
using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Peers;

/// <summary>
/// The servers behind all contenders: for requests nginx, or where that is missing a small one of our own; for large
/// bodies always our own, since nginx would take more of the two cores than a proxy, and limit all alike; and for PROXY
/// headers and TLS hellos too, which it answers without TLS.
/// </summary>
internal sealed class UpstreamServer : IDisposable
{
    private const int BulkBytes = 256 * 1024 * 1024;

    private readonly ChildProcess _requests;
    private readonly ChildProcess _bulk;
    private readonly int _requestPort;
    private readonly int _bulkPort;

    private UpstreamServer(string name, (int Port, ChildProcess Process) requests, (int Port, ChildProcess Process) bulk)
    {
        Name = name;
        (_requestPort, _requests) = requests;
        (_bulkPort, _bulk) = bulk;
    }

    internal string Name { get; }

    internal static async Task<UpstreamServer> Start(string folder)
    {
        string? nginx = Programs.Find("nginx");
        string name = nginx is null ? "an embedded server (nginx is not installed)" : "nginx, for large bodies, PROXY headers and TLS hellos an embedded server";
        int requestPort = Ports.Free();
        ChildProcess requests = nginx is null ? StartEmbedded(requestPort) : StartNginx(nginx, requestPort, folder);
        await Ports.Answers(requestPort, requests);
        int bulkPort = Ports.Free();
        ChildProcess bulk = StartEmbedded(bulkPort);
        await Ports.Answers(bulkPort, bulk);
        return new UpstreamServer(name, (requestPort, requests), (bulkPort, bulk));
    }

    /// <summary>Where the server for <paramref name="kind"/> listens.</summary>
    internal int PortFor(LoadKind kind) => kind.IsBulk() || kind.NeedsFirstBytes() ? _bulkPort : _requestPort;

    public void Dispose()
    {
        _requests.Dispose();
        _bulk.Dispose();
    }

    /// <summary>Serves until the process is killed.</summary>
    internal static void Serve(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(4096);
        listener.Blocking = false;
        using var server = new EmbeddedServer(BulkBytes);
        server.Run(listener);
    }

    private static ChildProcess StartEmbedded(int port) =>
        ChildProcess.Start(Environment.ProcessPath!, Self.Arguments("serve", $"{port}"));

    private static ChildProcess StartNginx(string nginx, int port, string folder)
    {
        string file = Path.Combine(folder, "upstream.conf");
        File.WriteAllText(file, $$"""
            daemon off;
            worker_processes 1;
            worker_rlimit_nofile 20000;
            pid {{folder}}/upstream.pid;
            error_log {{folder}}/upstream.log;
            events { worker_connections 19900; }
            http {
              access_log off;
              keepalive_timeout 1h;
              keepalive_requests 1000000000;
              server {
                listen 127.0.0.1:{{port}} backlog=4096;
                location = / { return 200 "an answer of some sixty bytes, as a small service may give.\n"; }
              }
            }

            """);
        return ChildProcess.Start(nginx, "-c", file);
    }
}
