namespace ProxyCore.Diagnostics;

/// <summary>What access log and traces call the ends of connections.</summary>
internal static class ConnectionNames
{
    private static readonly string[] _phases = [.. Enum.GetNames<ConnectionPhase>().Select(static name => name.ToLowerInvariant())];

    internal static string Of(ConnectionPhase phase) => _phases[(int)phase];

    internal static string Of(ConnectionSide? side) => side switch
    {
        ConnectionSide.Client => "client",
        ConnectionSide.Upstream => "upstream",
        _ => "proxy",
    };
}
