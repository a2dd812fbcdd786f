using System.CommandLine;
using System.CommandLine.Parsing;
using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary>The options of TLS, of the one route that a command line describes.</summary>
internal sealed class TlsOptionSet
{
    private const string UnixPrefix = "unix:";

    private readonly Option<string[]> _certificate = CheckedOption.Repeatable(
        "--tls-certificate",
        "FILE",
        "End the TLS of clients with this certificate, PEM or PKCS #12; may be repeated [default: bytes are relayed as they come]",
        ParseFile);

    private readonly Option<string[]> _key = CheckedOption.Repeatable(
        "--tls-key",
        "FILE",
        "Its private key; may be repeated, in the order of the certificates [default: in the file of the certificate]",
        ParseFile);

    private readonly Option<string?> _upstreamTls = CheckedOption.WithOptionalValue(
        "--upstream-tls",
        "NAME",
        "Speak TLS to the upstream, whose certificate must have this name [default: no TLS; without NAME the host of --upstream]",
        ParseName);

    private readonly Option<string> _upstreamCa = CheckedOption.Once(
        "--upstream-ca",
        "FILE",
        "The certificates that may have issued the upstream's, PEM [default: those that the system trusts]",
        ParseFile);

    /// <summary>In the order of the help.</summary>
    internal IEnumerable<Option> All => [_certificate, _key, _upstreamTls, _upstreamCa];

    /// <summary>Whether the TLS of clients is ended.</summary>
    internal bool EndsTls(SymbolResult result) => result.GetResult(_certificate) is not null;

    /// <summary>Whether the upstream is to get TLS.</summary>
    internal bool SpeaksTlsToUpstream(SymbolResult result) => result.GetResult(_upstreamTls) is not null;

    /// <summary>Refuses options that need another one.</summary>
    internal void Check(CommandResult result, Option upstream)
    {
        int certificates = result.GetResult(_certificate)?.Tokens.Count ?? 0;
        if (result.GetResult(_key)?.Tokens.Count > certificates)
        {
            result.AddError(certificates == 0
                ? $"{_key.Name}: of which certificate? {_certificate.Name} names it"
                : $"{_key.Name}: there are more keys than certificates");
        }

        OptionResult? tls = result.GetResult(_upstreamTls);
        if (tls is null && result.GetResult(_upstreamCa) is not null)
        {
            result.AddError($"{_upstreamCa.Name}: is for TLS, which {_upstreamTls.Name} asks for");
        }

        if (tls is { Tokens: [] }
            && result.GetResult(upstream)?.Tokens.Any(static address => address.Value.StartsWith(UnixPrefix, StringComparison.OrdinalIgnoreCase)) == true)
        {
            result.AddError($"{_upstreamTls.Name}: needs a NAME: a Unix socket has none");
        }
    }

    /// <summary>How the TLS of clients is ended; null when it is not.</summary>
    internal ListenTlsOptions? ReadListen(ParseResult parsed)
    {
        string[] certificates = parsed.ValueOr(_certificate, []);
        if (certificates.Length == 0)
        {
            return null;
        }

        string[] keys = parsed.ValueOr(_key, []);
        var options = new ListenTlsOptions();
        for (int i = 0; i < certificates.Length; i++)
        {
            options.Certificates.Add(new CertificateOptions
            {
                Certificate = certificates[i],
                Key = i < keys.Length ? keys[i] : null,
            });
        }

        return options;
    }

    /// <summary>How TLS is spoken to the upstream; null when it is not.</summary>
    internal UpstreamTlsOptions? ReadUpstream(ParseResult parsed) => parsed.GetResult(_upstreamTls) is null
        ? null
        : new UpstreamTlsOptions
        {
            ServerName = parsed.GetValue(_upstreamTls),
            Ca = parsed.GetResult(_upstreamCa) is null ? null : parsed.GetRequiredValue(_upstreamCa),
        };

    private static string ParseFile(string text) =>
        text.Length > 0 ? text : throw new FormatException("a file name is needed");

    private static string ParseName(string text) => ServerName.TryReadHost(text, out _, out string? cause)
        ? text
        : throw new FormatException($"'{text}' is no server name: {cause}");
}
