namespace ProxyCore.Cli.Admin;

/// <summary>The settings of the admin page. Immutable.</summary>
/// <param name="Endpoint">Where it listens.</param>
/// <param name="Token">The token that requests need. Null is allowed on loopback and Unix sockets only; then nothing can be changed.</param>
internal sealed record AdminSettings(ProxyEndpoint Endpoint, AdminToken? Token);
