namespace ProxyCore;

/// <summary>What <see cref="TcpProxy.SetUpstreamAsync"/> changes of an upstream. What is not set stays as it is.</summary>
public sealed class UpstreamChange
{
    private readonly int? _weight;
    private readonly int? _maxConnections;

    /// <summary>
    /// The upstream: its address as it is configured, one of the addresses of a name whose addresses count one by one
    /// (<see cref="UpstreamOptions.EachAddress"/>), or a server that an <see cref="IUpstreamSource"/> has found.
    /// </summary>
    public required string Upstream { get; init; }

    /// <summary>The name of its route. Default null: the only route of the proxy.</summary>
    public string? Route { get; init; }

    /// <summary>Whether it gets connections. Default null: as before.</summary>
    public UpstreamAdministration? State { get; init; }

    /// <summary>
    /// Its share of the connections, from 0 to 1000, instead of <see cref="UpstreamOptions.Weight"/>; null gives that back. Not
    /// set: as before.
    /// </summary>
    public int? Weight
    {
        get => _weight;
        init
        {
            _weight = value;
            SetsWeight = true;
        }
    }

    /// <summary>
    /// How many connections it may have at a time, from 1, instead of <see cref="UpstreamOptions.MaxConnections"/>; null gives
    /// that back. Not set: as before. None that it has is ended.
    /// </summary>
    public int? MaxConnections
    {
        get => _maxConnections;
        init
        {
            _maxConnections = value;
            SetsMaxConnections = true;
        }
    }

    /// <summary>
    /// Whether the connections to it end, with a reset for both sides and <see cref="EndReason.UpstreamCut"/>. Default false.
    /// </summary>
    public bool EndConnections { get; init; }

    /// <summary>Whether <see cref="Weight"/> was set.</summary>
    internal bool SetsWeight { get; init; }

    /// <summary>Whether <see cref="MaxConnections"/> was set.</summary>
    internal bool SetsMaxConnections { get; init; }
}
