namespace ProxyCore.Cli.Admin;

/// <summary>What was asked for of the admin page. Immutable.</summary>
/// <param name="Endpoint">Where it listens.</param>
/// <param name="Token">What who asks must know; null on this machine's own endpoints only, and then nothing can be changed.</param>
internal sealed record AdminSettings(ProxyEndpoint Endpoint, AdminToken? Token);
