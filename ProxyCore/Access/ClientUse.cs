namespace ProxyCore.Access;

/// <summary>One counted connection of a client. <see langword="default"/> is none: releasing it does nothing.</summary>
/// <remarks>
/// It names the table entry, not the address. So a release reaches the count that was raised, even when a reload has
/// changed the prefix lengths meanwhile. The entry stays in its place while it counts a connection.
/// </remarks>
internal readonly struct ClientUse(ClientTable table, int entry)
{
    private readonly ClientTable? _table = table;

    /// <summary>Counts the connection no more. Call it once for each admission. Any thread.</summary>
    /// <param name="now">The time, on the clock of <see cref="ClientLimiter.Admit"/>.</param>
    internal void Release(long now) => _table?.Release(entry, now);
}
