namespace ProxyCore.Bench.Peers;

/// <summary>The proxies of others, and the limit that all are held against.</summary>
internal static class OtherProxies
{
    internal const string Socat = "socat";

    /// <summary>A relay that does nothing but wait, receive and send.</summary>
    internal const string Limit = "C relay";

    private static readonly BuiltRelay _go = new("relay.go", "go", "build", "-o");
    private static readonly BuiltRelay _c = new("relay.c", "cc", "-O2", "-o");

    /// <summary>Those that are installed.</summary>
    /// <param name="folder">Where those are built that come as source.</param>
    /// <param name="missing">Called with the reason for each that is not there.</param>
    internal static IEnumerable<Contender> Find(string folder, Action<string> missing)
    {
        (string Name, string Program, string Package, Func<string, IEnumerable<Contender>> Make)[] known =
        [
            (HAProxies.Name, "haproxy", "haproxy", HAProxies.Installed),
            ("nginx stream", "nginx", "nginx, and libnginx-mod-stream", static program => [Nginx(program)]),
            (Socat, "socat", "socat", static program => [ForkingSocat(program)]),
            ("Go io.Copy", "go", "golang-go", _ => [Go(_go.Build(folder))]),
            (Limit, "cc", "gcc", _ => [Bare(_c.Build(folder))]),
        ];
        foreach ((string name, string program, string package, Func<string, IEnumerable<Contender>> make) in known)
        {
            if (Programs.Find(program) is not { } path)
            {
                missing($"{name} is left out: {program} is not installed, its package is {package}");
                continue;
            }

            IEnumerable<Contender> made = [];
            try
            {
                made = make(path);
            }
            catch (InvalidOperationException exception)
            {
                missing($"{name} is left out: {exception.Message}");
            }

            foreach (Contender contender in made)
            {
                yield return contender;
            }
        }
    }

    private static Contender Nginx(string program) => new("nginx stream", place =>
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

    private static Contender ForkingSocat(string program) => new(Socat, place => ChildProcess.Start(
        program,
        $"TCP4-LISTEN:{place.Port},bind=127.0.0.1,fork,reuseaddr,nodelay,backlog=4096",
        $"TCP4:127.0.0.1:{place.Upstream},nodelay"));

    private static Contender Go(string program) => new(
        "Go io.Copy", place => ChildProcess.Start(program, $"127.0.0.1:{place.Port}", $"127.0.0.1:{place.Upstream}"));

    private static Contender Bare(string program) => new(
        Limit, place => ChildProcess.Start(program, $"{place.Port}", $"{place.Upstream}"), Abilities.Requests);
}
