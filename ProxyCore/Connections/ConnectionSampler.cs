using ProxyCore.Connections.Reporting;
using ProxyCore.Loop;

namespace ProxyCore.Connections;

/// <summary>
/// Remembers how many bytes each connection of a loop had carried when it was last looked at, and how fast it was. Belongs to
/// the loop's thread.
/// </summary>
/// <remarks>
/// It forgets everything 30 s after the last sample. A field in each connection would cost memory all the time.
/// </remarks>
internal sealed class ConnectionSampler
{
    private static readonly TimeSpan _memory = TimeSpan.FromSeconds(30);

    // Over a shorter time a rate says little: bytes come in bursts.
    private static readonly TimeSpan _shortestTime = TimeSpan.FromMilliseconds(500);

    private readonly SelectLoop _loop;
    private readonly CallbackTimer _forget;
    private Dictionary<long, Seen> _seen = [];

    // The one before, to be filled again: of 5000 entries it would be a large object each second.
    private Dictionary<long, Seen>? _spare;
    private TimeSpan _last;

    internal ConnectionSampler(ILoopMember owner, SelectLoop loop)
    {
        _loop = loop;
        _forget = new CallbackTimer(owner, Forget);
    }

    /// <summary>Begins a sample: each connection is to be looked at once.</summary>
    /// <param name="most">The most connections to pick: half of them the busiest, the others the oldest.</param>
    internal ConnectionSample Begin(int most)
    {
        Dictionary<long, Seen> seen = _spare ?? new Dictionary<long, Seen>(_seen.Count);
        _spare = null;
        return new ConnectionSample(this, most, seen);
    }

    /// <summary>Remembers what a sample has seen.</summary>
    internal void Keep(Dictionary<long, Seen> seen)
    {
        _spare = _seen;
        _spare.Clear();
        _seen = seen;
        _last = _loop.Now;
        _loop.Arm(_forget, _memory);
    }

    /// <summary>What a connection has carried, and its bytes a second since it was last looked at, or since it was accepted.</summary>
    internal Seen Look(Connection connection)
    {
        long bytes = connection.BytesToUpstream + connection.BytesToClient;
        bool isKnown = _seen.TryGetValue(connection.Id, out Seen before);
        TimeSpan time = isKnown ? _loop.Now - _last : connection.Age;
        return new Seen(bytes, time > TimeSpan.Zero ? (bytes - before.Bytes) / time.TotalSeconds : 0);
    }

    /// <summary>A connection as it is now, for those who do not sample. Its rate may be that of the last sample.</summary>
    internal ConnectionSnapshot SnapshotOf(Connection connection)
    {
        bool isFresh = _loop.Now - _last < _shortestTime;
        return SnapshotOf(connection, isFresh && _seen.TryGetValue(connection.Id, out Seen last) ? last.Rate : Look(connection).Rate);
    }

    internal static ConnectionSnapshot SnapshotOf(Connection connection, double rate) =>
        new() { Report = ConnectionEvents.ReportOf(connection), BytesPerSecond = rate };

    private void Forget()
    {
        _seen = [];
        _spare = null;
    }

    /// <summary>What a sample has seen of a connection.</summary>
    /// <param name="Bytes">The bytes that it had carried, both ways together.</param>
    /// <param name="Rate">Its bytes a second.</param>
    internal readonly record struct Seen(long Bytes, double Rate);
}
