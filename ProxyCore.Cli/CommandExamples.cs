using System.CommandLine.Parsing;
using ProxyCore.Platform;

namespace ProxyCore.Cli;

/// <summary>Examples of each command, with how values are written, for its help.</summary>
internal static class CommandExamples
{
    private static readonly string _otherSignal = TargetSystem.IsWindows ? "Ctrl+Break" : "SIGTERM";

    private static readonly string _ofRelay =
        $"""
        Values:
          ENDPOINT  PORT, localhost:PORT, *:PORT (to listen), ADDRESS:PORT, [IPv6]:PORT, NAME:PORT (upstream), unix:/path
          TIME      500ms, 5s, 2m, 1h
          BYTES     65536, 64k, 1m

        Examples:
          proxycore
              relays localhost:8080 to localhost:3000
          proxycore --listen *:8080 --upstream db.example:5432
              relays every address of this machine to another
          proxycore --listen 8080 --listen unix:/tmp/proxy.sock --upstream 192.0.2.1:3000 --upstream 192.0.2.2:3000
              relays a port and a Unix socket to two servers in turn
          proxycore --listen *:443 --tls-certificate web.pem --tls-key web.key --upstream 3000
              ends the TLS of clients; the upstream gets plain bytes
          proxycore --config proxycore.json --set Routes:0:Listen:0=*:80
              relays as a file says; with 'check' ahead of the same arguments it only checks them
          proxycore --admin localhost:9090 --otlp
              relays, shows what it does at http://localhost:9090/, and exports metrics and traces

        'proxycore COMMAND --help' has examples of each command.
        The first Ctrl+C (or {_otherSignal}) lets open connections finish, the second ends at once.
        """;

    private static readonly string _ofDemo =
        $"""
        Examples:
          proxycore demo
              serves the current folder at http://localhost:8080/, with --tls at https://localhost:8080/
          proxycore demo ~/Downloads --listen 9000 --log-level trace
              serves another folder at another port, and shows every step
          proxycore demo --admin localhost:9090
              shows at http://localhost:9090/ what it does

        The first Ctrl+C (or {_otherSignal}) lets open connections finish, the second ends at once.
        """;

    private const string OfCheck =
        """
        Examples:
          proxycore check --config proxycore.json
              checks a file, and the certificates and lists that it names
          proxycore check --config proxycore.json --admin *:9090 --admin-token-file token --resolve
              checks what a service is started with, and looks up the names of its upstreams
          proxycore check --listen *:80 --upstream 10.0.0.1:80
              checks a proxy without a file
        """;

    private const string OfTop =
        """
        Examples:
          proxycore top
              shows the proxy whose admin page is at localhost:9090
          proxycore top http://10.0.0.5:9090/ --admin-token-file token
              shows one on another machine
          proxycore top unix:/run/proxycore/admin.sock --once
              shows it once, without a terminal too
        """;

    private const string OfUpstream =
        """
        Examples:
          proxycore upstream drain 10.0.0.2:80 --route web --admin-token-file token
              gives it no new connections; 'ready' gives them back, 'drain --cut' ends the open ones, too
          proxycore upstream weight 10.0.0.2:80 5 --route web --admin-token-file token
              sets its weight until 'proxycore upstream reset' gives it back to the configuration
          proxycore upstream maximum 10.0.0.2:80 200 --admin unix:/run/proxycore/admin.sock
              sets how many connections it may have; the token is in PROXYCORE_ADMIN_TOKEN
        """;

    private const string OfDeny =
        """
        Examples:
          proxycore deny 192.0.2.7 --for 1h --admin-token-file token
              lets no new connection of that address in for an hour; '--end' ends the open ones, too
          proxycore deny remove 192.0.2.7 --admin-token-file token
              lets it in again
          proxycore deny list --admin http://10.0.0.5:9090/ --admin-token-file token
              shows what another proxy denies, and for how long
        """;

    private const string OfToxiproxy =
        """
        Examples:
          proxycore toxiproxy
              takes toxiproxy's place at localhost:8474
          proxycore toxiproxy -host=0.0.0.0 -port=8474 -config=proxies.json
              the same with the flags of toxiproxy-server
        """;

    private static readonly Dictionary<string, string> _ofCommands = new()
    {
        ["demo"] = _ofDemo,
        ["check"] = OfCheck,
        ["top"] = OfTop,
        ["upstream"] = OfUpstream,
        ["deny"] = OfDeny,
        ["toxiproxy"] = OfToxiproxy,
    };

    /// <summary>The examples of a command; one without any of its own has those of the command above it.</summary>
    internal static string Of(CommandResult command) =>
        _ofCommands.TryGetValue(command.Command.Name, out string? examples) ? examples
        : command.Parent is CommandResult above ? Of(above)
        : _ofRelay;
}
