namespace ProxyCore.Relay;

/// <summary>
/// What stands between the two sockets of a connection beside its pipes. One that only relays has none: a pair of pipes
/// pays for all of it with a test for null.
/// </summary>
internal sealed class RelayLayers
{
    /// <summary>The transport towards the client, if any.</summary>
    internal Transport? Client { get; init; }

    /// <summary>The transport towards the upstream, if any.</summary>
    internal Transport? Upstream { get; init; }

    /// <summary>What the bytes from the client pass through, if anything.</summary>
    internal Stage? FromClient { get; set; }

    /// <summary>What the bytes from the upstream pass through, if anything.</summary>
    internal Stage? FromUpstream { get; set; }

    /// <summary>Puts the transports of a connection around its stages; null for a connection that has neither.</summary>
    internal static RelayLayers? Around(RelayLayers? stages, Transport? client, Transport? upstream) =>
        client is null && upstream is null
            ? stages
            : new RelayLayers { Client = client, Upstream = upstream, FromClient = stages?.FromClient, FromUpstream = stages?.FromUpstream };

    /// <summary>Frees what all of them hold.</summary>
    internal void Release()
    {
        Client?.Release();
        Upstream?.Release();
        FromClient?.Release();
        FromUpstream?.Release();
    }

    internal Transport? TransportOf(ConnectionSide side) => side == ConnectionSide.Client ? Client : Upstream;

    internal Stage? StageFrom(ConnectionSide side) => side == ConnectionSide.Client ? FromClient : FromUpstream;

    /// <summary>Changes what the bytes from <paramref name="side"/> pass through.</summary>
    internal void UseStage(ConnectionSide side, Stage? stage)
    {
        if (side == ConnectionSide.Client)
        {
            FromClient = stage;
        }
        else
        {
            FromUpstream = stage;
        }
    }
}
