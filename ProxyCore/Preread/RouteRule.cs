namespace ProxyCore.Preread;

/// <summary>Which clients a route is for.</summary>
/// <param name="ServerNames">
/// Names in the form of <see cref="Settings.ServerName.TryReadPattern"/>. Empty: clients of any name that no other route has, and
/// those without one.
/// </param>
/// <param name="Alpn">Protocols, of which the client must offer one. Empty: whatever it offers.</param>
internal readonly record struct RouteRule(IReadOnlyList<string> ServerNames, IReadOnlyList<string> Alpn)
{
    private const string AcmeProtocol = "acme-tls/1";

    /// <summary>Whether the route is for the validation of certificates alone (RFC 8737).</summary>
    internal bool IsAcmeOnly => Alpn is [AcmeProtocol];
}
