using System.Diagnostics.CodeAnalysis;

namespace ProxyCore.Connections;

/// <summary>A <see cref="ConnectionFilter"/>, checked. Immutable.</summary>
internal sealed class ConnectionMatch
{
    private readonly ConnectionFilter _filter;
    private readonly ClientMatch? _client;

    private ConnectionMatch(ConnectionFilter filter, ClientMatch? client)
    {
        _filter = filter;
        _client = client;
    }

    /// <param name="filter">The filter.</param>
    /// <param name="match">What it means.</param>
    /// <param name="cause">What is wrong with it; null if nothing is.</param>
    internal static bool TryMake(
        ConnectionFilter filter, [NotNullWhen(true)] out ConnectionMatch? match, [NotNullWhen(false)] out string? cause)
    {
        ClientMatch? client = null;
        cause = null;
        match = filter.Client is null || ClientMatch.TryParse(filter.Client, out client, out cause)
            ? new ConnectionMatch(filter, client)
            : null;
        return match is not null;
    }

    /// <summary>
    /// Whether a connection is meant. On the thread of its loop; where the client's address was not asked for yet, that is a
    /// system call.
    /// </summary>
    internal bool Matches(Connection connection) =>
        (_filter.Phase is not { } phase || connection.Phase == phase)
        && (_filter.Route is not { } route || connection.RouteName == route)
        && (_filter.Upstream is not { } upstream || IsTo(connection, upstream))
        && (_client is null || _client.Matches(connection.IdentifyClient().Address));

    private static bool IsTo(Connection connection, string upstream) =>
        connection.LastUpstream == upstream || connection.Member?.Settings.Source == upstream;
}
