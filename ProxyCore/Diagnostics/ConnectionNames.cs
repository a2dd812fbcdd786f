namespace ProxyCore.Diagnostics;

/// <summary>What access log and traces call the ends of connections.</summary>
internal static class ConnectionNames
{
    private static readonly Dictionary<ConnectionPhase, string> _phases = Enum.GetValues<ConnectionPhase>()
        .ToDictionary(static phase => phase, static phase => phase.ToString().ToLowerInvariant());

    internal static string Of(ConnectionPhase phase) => _phases[phase];

    internal static string Of(ConnectionSide? side) => side switch
    {
        ConnectionSide.Client => "client",
        ConnectionSide.Upstream => "upstream",
        _ => "proxy",
    };
}
