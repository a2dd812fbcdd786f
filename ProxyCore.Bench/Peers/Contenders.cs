namespace ProxyCore.Bench.Peers;

/// <summary>Everybody who can be compared.</summary>
internal static class Contenders
{
    internal const string Native = "ProxyCore native";
    internal const string Jit = "ProxyCore JIT";
    internal const string NoParking = "Select alone";
    internal const string HAProxyName = "HAProxy";
    internal const string SocatName = "socat";

    private const int MostConnections = 9800;

    /// <summary>No proxy at all.</summary>
    internal static Contender Direct { get; } = new("direct", static (_, _, _) => throw new NotSupportedException());

    /// <summary>ProxyCore's command at <paramref name="program"/>.</summary>
    internal static Contender ProxyCore(string name, string program, params string[] more) =>
        new(name, (port, upstream, _) => ChildProcess.Start(
            program,
            ["--listen", $"127.0.0.1:{port}", "--upstream", $"127.0.0.1:{upstream}", "--log-level", "warn", .. more]));

    /// <summary>The other proxies that are installed.</summary>
    /// <param name="missing">Called with the name and the package of each that is not.</param>
    internal static IEnumerable<Contender> Installed(Action<string, string> missing)
    {
        (string Name, string Program, string Package, Func<string, Contender> Make)[] known =
        [
            (HAProxyName, "haproxy", "haproxy", HAProxy),
            ("nginx stream", "nginx", "nginx, and libnginx-mod-stream", NginxStream),
            (SocatName, "socat", "socat", Socat),
            ("Go io.Copy", "go", "golang-go", GoProxy.Build),
        ];
        foreach ((string name, string program, string package, Func<string, Contender> make) in known)
        {
            if (Programs.Find(program) is { } path)
            {
                yield return make(path);
            }
            else
            {
                missing(name, package);
            }
        }
    }

    private static Contender HAProxy(string program) => new(HAProxyName, (port, upstream, folder) =>
    {
        string file = Path.Combine(folder, $"haproxy-{port}.cfg");
        File.WriteAllText(file, $"""
            global
              nbthread 1
              maxconn {MostConnections}
            defaults
              mode tcp
              timeout connect 5s
              timeout client 1h
              timeout server 1h
            listen relay
              bind 127.0.0.1:{port} backlog 4096
              server upstream 127.0.0.1:{upstream}

            """);
        return ChildProcess.Start(program, "-f", file);
    });

    private static Contender NginxStream(string program) => new("nginx stream", (port, upstream, folder) =>
    {
        const string Module = "/usr/lib/nginx/modules/ngx_stream_module.so";
        string load = File.Exists(Module) ? $"load_module {Module};" : "";
        string file = Path.Combine(folder, $"nginx-stream-{port}.conf");
        File.WriteAllText(file, $$"""
            {{load}}
            daemon off;
            worker_processes 1;
            worker_rlimit_nofile 20000;
            pid {{folder}}/nginx-stream-{{port}}.pid;
            error_log {{folder}}/nginx-stream-{{port}}.log;
            events { worker_connections 19900; }
            stream {
              server {
                listen 127.0.0.1:{{port}} backlog=4096;
                proxy_pass 127.0.0.1:{{upstream}};
                proxy_timeout 1h;
              }
            }

            """);
        return ChildProcess.Start(program, "-c", file);
    });

    private static Contender Socat(string program) => new(SocatName, (port, upstream, _) => ChildProcess.Start(
        program,
        $"TCP4-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr,nodelay,backlog=4096",
        $"TCP4:127.0.0.1:{upstream},nodelay"));
}
