using ProxyCore.Connections.Sockets;
using ProxyCore.Relay;
using ProxyCore.Relay.Stages;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Limiting;

/// <summary>Limits how many bytes a second the connections of a route carry. Any thread.</summary>
/// <param name="ToClient">Towards clients; null for no limit.</param>
/// <param name="ToUpstream">Towards upstreams; null for no limit.</param>
/// <param name="Scope">Which connections share the rate.</param>
internal sealed record RouteBandwidth(DirectionBandwidth? ToClient, DirectionBandwidth? ToUpstream, BandwidthScope Scope)
{
    /// <summary>
    /// What limits a route with <paramref name="settings"/>, null for none. Where the route continues another, and the same
    /// connections share the rate, they go on sharing it; <see cref="Use(BandwidthSettings)"/> then changes the rate.
    /// </summary>
    internal static RouteBandwidth? Continue(RouteBandwidth? before, BandwidthSettings? settings)
    {
        if (settings is null)
        {
            return null;
        }

        RouteBandwidth? same = before?.Scope == settings.Scope ? before : null;
        DirectionBandwidth? toClient = Continue(same?.ToClient, settings.ToClient, settings.Scope);
        DirectionBandwidth? toUpstream = Continue(same?.ToUpstream, settings.ToUpstream, settings.Scope);
        return toClient is null && toUpstream is null ? null : new RouteBandwidth(toClient, toUpstream, settings.Scope);
    }

    /// <summary>Changes the rates to those of <paramref name="settings"/>, also for connections that are open.</summary>
    internal void Use(BandwidthSettings settings)
    {
        Use(ToClient, settings.ToClient);
        Use(ToUpstream, settings.ToUpstream);
    }

    /// <summary>Makes the stages of a connection that begins to relay.</summary>
    /// <param name="client">The client.</param>
    /// <param name="origin">When the clock of the connection's loop began.</param>
    internal RelayLayers MakeLayers(IIdentifiedClient client, TimeSpan origin) => new()
    {
        FromClient = MakeStage(ToUpstream, client, origin),
        FromUpstream = MakeStage(ToClient, client, origin),
    };

    private static DirectionBandwidth? Continue(DirectionBandwidth? before, Rate? rate, BandwidthScope scope) =>
        rate is { } one ? before ?? new DirectionBandwidth(one, scope) : null;

    private static void Use(DirectionBandwidth? direction, Rate? rate)
    {
        if (rate is { } one)
        {
            direction?.Limit.Use(one);
        }
    }

    private static BandwidthStage? MakeStage(DirectionBandwidth? direction, IIdentifiedClient client, TimeSpan origin) =>
        direction is null ? null : new BandwidthStage(direction.BucketFor(client), origin);
}
