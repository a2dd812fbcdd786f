using System.Text.Json;

namespace ProxyCore.Diagnostics;

/// <summary>The words for phases and sides: the same in logs, access log, traces, the admin page and JSON.</summary>
internal static class ConnectionNames
{
    private static readonly Dictionary<ConnectionPhase, string> _phases = Enum.GetValues<ConnectionPhase>()
        .ToDictionary(static phase => phase, static phase => JsonNamingPolicy.KebabCaseLower.ConvertName(phase.ToString()));

    internal static string Of(ConnectionPhase phase) => _phases[phase];

    /// <summary>The word for the side that ended a connection; null is the proxy itself.</summary>
    internal static string Of(ConnectionSide? side) => side switch
    {
        ConnectionSide.Client => "client",
        ConnectionSide.Upstream => "upstream",
        _ => "proxy",
    };
}
