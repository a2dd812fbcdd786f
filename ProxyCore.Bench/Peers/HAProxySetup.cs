using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Peers;

/// <summary>HAProxy's configuration.</summary>
internal static class HAProxySetup
{
    // Of 20,000 descriptors a connection takes two, and a route one.
    private const int Descriptors = 19_600;

    // With splice it keeps a pipe, of two descriptors, for each fourth connection.
    private const int ConnectionsWithOptions = 1000;

    /// <param name="place">Where it works, and at what.</param>
    /// <param name="threads">How many threads it has.</param>
    /// <param name="options">More lines of its defaults.</param>
    internal static string Text(Place place, int threads = 1, params string[] options) => $"""
        global
          nbthread {threads}
          maxconn {(options.Length > 0 ? ConnectionsWithOptions : (Descriptors - place.Features.Routes) / 2)}
        defaults
          mode tcp
          timeout connect 5s
          timeout client 1h
          timeout server 1h
        {string.Join("", options.Select(static option => $"  {option}\n"))}{Sections(place)}

        """;

    private static string Sections(Place place) => place.Kind switch
    {
        LoadKind.ConnectProxy => Relay(place, " accept-proxy", " send-proxy-v2"),
        LoadKind.ConnectName => ByName(place),
        LoadKind.TlsBesidePlain => $"{Relay(place, "", "")}\n{Relay("tls", place.HandshakePort, place.Upstream, Tls(place), "")}",
        _ when place.Kind.IsTls() => Relay(place, Tls(place), ""),
        _ when place.Features.Routes > 1 => Routes(place),
        _ when place.Features.HasLimits => $"{Relay(place, "", "")}\n{Limits(place)}",
        _ => Relay(place, "", ""),
    };

    private static string Tls(Place place) => $" ssl crt {place.Tls.Both(place.Key)}";

    private static string Relay(Place place, string bind, string server) => Relay("relay", place.Port, place.Upstream, bind, server);

    private static string Relay(string name, int port, int upstream, string bind, string server) =>
        Listen(name, $"127.0.0.1:{port}", upstream, bind, server);

    private static string Listen(string name, string address, int upstream, string bind, string server) => $"""
        listen {name}
          bind {address} backlog 4096{bind}
          server upstream 127.0.0.1:{upstream}{server}
        """;

    private static string Routes(Place place) => string.Join('\n', Enumerable.Range(0, place.Features.Routes).Select(
        number => Listen($"relay-{number}", place.AddressOf(number), place.Upstream, "", "")));

    // A connection that is over a limit is rejected; none is.
    private static string Limits(Place place) => $$"""
          stick-table type ip size 64k expire 1m store conn_cur,conn_rate(1s)
          tcp-request connection reject if { src -f {{AccessFile.Write(place.Folder)}} }
          tcp-request connection track-sc0 src
          tcp-request connection reject if { sc0_conn_cur gt 100000 }
          tcp-request connection reject if { sc0_conn_rate gt 1000000 }
        """;

    private static string ByName(Place place)
    {
        string[] names = CapturedHello.NamesOf(place.Features.Routes);
        string rules = Lines(static (name, number) => $"  use_backend backend-{number} if {{ req_ssl_sni -i {name} }}");
        string backends = Lines((_, number) => $"backend backend-{number}\n  server upstream 127.0.0.1:{place.Upstream}");
        return $$"""
            frontend names
              bind 127.0.0.1:{{place.Port}} backlog 4096
              tcp-request inspect-delay 5s
              tcp-request content accept if { req_ssl_hello_type 1 }
            {{rules}}
            {{backends}}
            """;

        string Lines(Func<string, int, string> line) => string.Join('\n', names.Select(line));
    }
}
