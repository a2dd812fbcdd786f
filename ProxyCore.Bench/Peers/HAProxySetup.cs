using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Peers;

/// <summary>HAProxy's configuration, on one thread.</summary>
internal static class HAProxySetup
{
    internal static string Text(Place place, int mostConnections) => $"""
        global
          nbthread 1
          maxconn {mostConnections}
        defaults
          mode tcp
          timeout connect 5s
          timeout client 1h
          timeout server 1h
        {Sections(place)}

        """;

    private static string Sections(Place place) => place.Kind switch
    {
        LoadKind.ConnectProxy => Relay(place, " accept-proxy", " send-proxy-v2"),
        LoadKind.ConnectName => ByName(place),
        LoadKind.TlsBesidePlain => $"{Relay(place, "", "")}\n{Relay("tls", place.HandshakePort, place.Upstream, Tls(place), "")}",
        _ when place.Kind.IsTls() => Relay(place, Tls(place), ""),
        _ => Relay(place, "", ""),
    };

    private static string Tls(Place place) => $" ssl crt {place.Tls.Both(place.Key)}";

    private static string Relay(Place place, string bind, string server) => Relay("relay", place.Port, place.Upstream, bind, server);

    private static string Relay(string name, int port, int upstream, string bind, string server) => $"""
        listen {name}
          bind 127.0.0.1:{port} backlog 4096{bind}
          server upstream 127.0.0.1:{upstream}{server}
        """;

    private static string ByName(Place place)
    {
        int[] numbers = [.. Enumerable.Range(0, CapturedHello.NameCount)];
        string rules = Lines(static number => $"  use_backend backend-{number} if {{ req_ssl_sni -i {CapturedHello.Name(number)} }}");
        string backends = Lines(number => $"backend backend-{number}\n  server upstream 127.0.0.1:{place.Upstream}");
        return $$"""
            frontend names
              bind 127.0.0.1:{{place.Port}} backlog 4096
              tcp-request inspect-delay 5s
              tcp-request content accept if { req_ssl_hello_type 1 }
            {{rules}}
            {{backends}}
            """;

        string Lines(Func<int, string> line) => string.Join('\n', numbers.Select(line));
    }
}
