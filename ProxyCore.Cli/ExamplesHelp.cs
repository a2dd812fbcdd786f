using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ProxyCore.Cli;

/// <summary>The usual help, and below it how endpoints and values are written, with examples.</summary>
internal sealed class ExamplesHelp(HelpAction usual) : SynchronousCommandLineAction
{
    private const string Examples =
        """
        Values:
          ENDPOINT  PORT, localhost:PORT, *:PORT (to listen), ADDRESS:PORT, [IPv6]:PORT, NAME:PORT (upstream), unix:/path
          TIME      500ms, 5s, 2m, 1h
          BYTES     65536, 64k, 1m

        Examples:
          proxycore
              relays localhost:8080 to localhost:3000
          proxycore --listen *:8080 --upstream db.example:5432
              relays every address of this machine to another
          proxycore --listen 8080 --listen unix:/tmp/proxy.sock --upstream 192.0.2.1:3000 --connect-timeout 500ms
              relays a port and a Unix socket to an address
          proxycore --listen *:443 --tls-certificate web.pem --tls-key web.key --upstream 3000
              ends the TLS of clients; the upstream gets plain bytes
          proxycore --config proxycore.json --set Routes:0:Listen:0=*:80
              relays as a file says; 'proxycore check --config proxycore.json' only checks it
          proxycore --admin localhost:9090 --otlp
              relays, shows what it does at http://localhost:9090/, and exports metrics and traces
          proxycore top
              shows what the one at --admin localhost:9090 does, in a terminal
          proxycore upstream drain 10.0.0.2:80 --route web --admin-token-file token
              gives an upstream of that one no new connections; 'ready' gives them back, 'drain --cut' ends the open ones, too
          proxycore upstream weight 10.0.0.2:80 5 --route web --admin-token-file token
              sets its weight until 'proxycore upstream reset' gives it back to the configuration
          proxycore deny 192.0.2.7 --for 1h --admin-token-file token
              lets no new connection of that address in for an hour; '--end' ends the open ones, 'deny remove 192.0.2.7' lets it in again
          proxycore toxiproxy
              takes toxiproxy's place at localhost:8474; toxiproxy-server's own flags (-host=0.0.0.0 -port=8474) do too
          proxycore demo
              serves the current folder at http://localhost:8080/, with --tls at https://localhost:8080/
          proxycore demo ~/Downloads --listen 9000 --log-level trace
              serves another folder at another port, and shows every step

        The first Ctrl+C (or SIGTERM) lets open connections finish, the second ends at once.
        """;

    public override bool ClearsParseErrors => true;

    /// <summary>The option that shows it, for a command and all below it.</summary>
    internal static HelpOption CreateOption()
    {
        var option = new HelpOption();
        option.Action = new ExamplesHelp((HelpAction)option.Action!);
        return option;
    }

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(Examples);
        return ExitCode.Stopped;
    }
}
