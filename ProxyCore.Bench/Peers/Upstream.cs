using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Bench.Peers;

/// <summary>The server behind all contenders: nginx, or where that is missing a small one of our own.</summary>
internal sealed class Upstream : IDisposable
{
    private const int BulkBytes = 256 * 1024 * 1024;

    private readonly ChildProcess _process;

    private Upstream(string name, int port, ChildProcess process)
    {
        Name = name;
        Port = port;
        _process = process;
    }

    internal string Name { get; }

    internal int Port { get; }

    internal static async Task<Upstream> Start(string folder)
    {
        int port = Ports.Free();
        string? nginx = Programs.Find("nginx");
        ChildProcess process = nginx is null ? StartEmbedded(port) : StartNginx(nginx, port, folder);
        await Ports.Answers(port, process);
        return new Upstream(nginx is null ? "an embedded server (nginx is not installed)" : "nginx", port, process);
    }

    public void Dispose() => _process.Dispose();

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
        string root = Path.Combine(folder, "www");
        Directory.CreateDirectory(root);
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        using (FileStream bulk = File.Create(Path.Combine(root, "bulk")))
        {
            bulk.SetLength(BulkBytes);
        }

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
              sendfile on;
              keepalive_timeout 1h;
              keepalive_requests 1000000000;
              server {
                listen 127.0.0.1:{{port}} backlog=4096;
                root {{root}};
                location = / { return 200 "an answer of some sixty bytes, as a small service may give.\n"; }
              }
            }

            """);
        return ChildProcess.Start(nginx, "-c", file);
    }
}
