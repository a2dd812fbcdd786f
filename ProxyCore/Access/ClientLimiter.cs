using System.Net;
using ProxyCore.Settings;

namespace ProxyCore.Access;

/// <summary>
/// Counts the open connections of each client and the rate of its new ones, over all loops. A client is an address or a
/// prefix. Any thread.
/// </summary>
/// <remarks>
/// The clients are distributed over several tables, so that loops seldom wait for one another, and so that the growth of
/// one table is short.
/// </remarks>
internal sealed class ClientLimiter
{
    // A table that is one of many has a sixteenth of the entries on average; for few entries that would be too uneven.
    private const int TableBits = 4;
    private const int EntriesForManyTables = 1024;

    private readonly ClientTable[] _tables;
    private ClientLimitSettings _limits;

    internal ClientLimiter(ClientLimitSettings limits)
    {
        _limits = limits;
        int tables = limits.Entries < EntriesForManyTables ? 1 : 1 << TableBits;
        _tables = new ClientTable[tables];
        for (int i = 0; i < tables; i++)
        {
            _tables[i] = new ClientTable((limits.Entries + tables - 1) / tables);
        }
    }

    /// <summary>What is limited.</summary>
    internal ClientLimitSettings Limits => Volatile.Read(ref _limits);

    /// <summary>How many clients have an entry.</summary>
    internal int Count => _tables.Sum(static table => table.Count);

    /// <summary>How many connections are counted, of all clients.</summary>
    internal long Connections => _tables.Sum(static table => table.Connections);

    /// <summary>Asks for one more connection of a client, and counts it when it is admitted.</summary>
    /// <remarks>
    /// A refusal counts and costs nothing: a client that keeps trying is admitted as soon as its rate allows it. So for
    /// <see cref="LimitAction.LogOnly"/> those are logged that another action would end.
    /// </remarks>
    /// <param name="address">The address of the client.</param>
    /// <param name="now">The time, in ticks of 100 ns, on one clock for all loops.</param>
    internal Admission Admit(IPAddress address, long now)
    {
        ClientLimitSettings limits = Limits;
        var key = ClientKey.Of(address, limits.Prefix4, limits.Prefix6);
        int hash = key.Hash();
        return TableOf(hash).Admit(key, hash, limits, now);
    }

    /// <summary>
    /// Takes other limits and keeps all counts. False when clients are told apart in another way or another number of them
    /// is remembered: then a new limiter has to count anew.
    /// </summary>
    internal bool TryChange(ClientLimitSettings limits)
    {
        ClientLimitSettings old = Limits;
        if ((limits.Prefix4, limits.Prefix6, limits.Entries) != (old.Prefix4, old.Prefix6, old.Entries))
        {
            return false;
        }

        Volatile.Write(ref _limits, limits);
        return true;
    }

    // The low bits of the hash choose the bucket within the table.
    private ClientTable TableOf(int hash) => _tables.Length == 1 ? _tables[0] : _tables[(uint)hash >> (32 - TableBits)];
}
