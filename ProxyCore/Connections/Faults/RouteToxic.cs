using System.Net;
using ProxyCore.Access;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Faults;

/// <summary>A toxic of a route, from when it is added until it is removed. Any thread.</summary>
internal sealed class RouteToxic
{
    private volatile ToxicSettings _settings;
    private volatile AddressSet _clients;
    private long _candidates;
    private long _connections;
    private long _ended;

    /// <param name="settings">What it does.</param>
    /// <param name="lastConnection">The number of the last connection that was accepted before; those after it are new.</param>
    internal RouteToxic(ToxicSettings settings, long lastConnection)
    {
        LastConnection = lastConnection;
        _settings = settings;
        _clients = AddressSet.Of(settings.Clients);
    }

    internal string Name => _settings.Name;

    internal ToxicSettings Settings => _settings;

    /// <summary>The number of the last connection that was accepted before it came.</summary>
    internal long LastConnection { get; }

    /// <summary>How many connections it has acted on.</summary>
    internal long Connections => Volatile.Read(ref _connections);

    /// <summary>How many connections it has ended.</summary>
    internal long Ended => Volatile.Read(ref _ended);

    /// <summary>Changes what it does. Connections follow when their loop tells them.</summary>
    internal void Change(ToxicSettings settings)
    {
        _clients = AddressSet.Of(settings.Clients);
        _settings = settings;
    }

    internal void CountConnection() => Interlocked.Increment(ref _connections);

    internal void CountEnded() => Interlocked.Increment(ref _ended);

    /// <summary>The place of a connection among those that it would act on, counted from 1.</summary>
    internal long CountCandidate() => Interlocked.Increment(ref _candidates);

    internal bool IsFor(EndPoint? client) =>
        _settings.Clients.Count == 0 || (client is IPEndPoint { Address: var address } && _clients.Contains(address));
}
