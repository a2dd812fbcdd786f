namespace ProxyCore.Bench.Peers;

/// <summary>Everybody who can be compared.</summary>
internal static class Contenders
{
    internal const string Native = "ProxyCore native";
    internal const string Jit = "ProxyCore JIT";
    internal const string NativeSslStream = "ProxyCore native SslStream";
    internal const string NoParking = "Select alone";
    internal const string HAProxyName = "HAProxy";
    internal const string SocatName = "socat";

    private const string OpenSsl = "OpenSsl";
    private const int MostConnections = 9800;

    /// <summary>No proxy at all.</summary>
    internal static Contender Direct { get; } = new("direct", static _ => throw new NotSupportedException(), Abilities.Relay | Abilities.FirstBytes);

    /// <summary>ProxyCore's command at <paramref name="program"/>, without TLS.</summary>
    internal static Contender ProxyCore(string name, string program, params string[] more) => new(
        name,
        place => Start(program, ProxyCoreSetup.Arguments(place, OpenSsl), more),
        Abilities.Relay | Abilities.FirstBytes);

    /// <summary>ProxyCore's native command at <paramref name="program"/>, with OpenSSL where it ends TLS.</summary>
    internal static Contender ProxyCoreNative(string program) => ProxyCore(Native, program) with
    {
        Abilities = Abilities.Relay | Abilities.FirstBytes | Abilities.Tls,
    };

    /// <summary>The same with SslStream, which is measured at nothing but TLS.</summary>
    internal static Contender ProxyCoreSslStream(string program) => new(
        NativeSslStream,
        place => Start(program, ProxyCoreSetup.Arguments(place, "SslStream"), []),
        Abilities.Tls);

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

    private static ChildProcess Start(string program, string[] arguments, string[] more) =>
        ChildProcess.Start(program, [.. arguments, "--log-level", "warn", .. more]);

    private static Contender HAProxy(string program) => new(
        HAProxyName,
        place =>
        {
            string file = Path.Combine(place.Folder, $"haproxy-{place.Port}.cfg");
            File.WriteAllText(file, HAProxySetup.Text(place, MostConnections));
            return ChildProcess.Start(program, "-f", file);
        },
        Abilities.Relay | Abilities.FirstBytes | Abilities.Tls);

    private static Contender NginxStream(string program) => new("nginx stream", place =>
    {
        const string Module = "/usr/lib/nginx/modules/ngx_stream_module.so";
        string load = File.Exists(Module) ? $"load_module {Module};" : "";
        string file = Path.Combine(place.Folder, $"nginx-stream-{place.Port}.conf");
        File.WriteAllText(file, $$"""
            {{load}}
            daemon off;
            worker_processes 1;
            worker_rlimit_nofile 20000;
            pid {{place.Folder}}/nginx-stream-{{place.Port}}.pid;
            error_log {{place.Folder}}/nginx-stream-{{place.Port}}.log;
            events { worker_connections 19900; }
            stream {
              server {
                listen 127.0.0.1:{{place.Port}} backlog=4096;
                proxy_pass 127.0.0.1:{{place.Upstream}};
                proxy_timeout 1h;
              }
            }

            """);
        return ChildProcess.Start(program, "-c", file);
    });

    private static Contender Socat(string program) => new(SocatName, place => ChildProcess.Start(
        program,
        $"TCP4-LISTEN:{place.Port},bind=127.0.0.1,fork,reuseaddr,nodelay,backlog=4096",
        $"TCP4:127.0.0.1:{place.Upstream},nodelay"));
}
