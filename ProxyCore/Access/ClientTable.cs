using System.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Access;

/// <summary>A part of the clients, with their connections and rates: a hash table under one short lock. Any thread.</summary>
/// <remarks>
/// <para>
/// An entry exists only while it says more than a fresh one would: while its client has a connection, or its rate does not
/// allow a full burst yet. Beyond the limit of entries the idle client whose rate allows a full burst the soonest is
/// forgotten, because that gives away the least. So a client can't clear its own debt by a flood from other addresses.
/// </para>
/// <para>
/// A client with a connection is never forgotten, and always gets an entry, even beyond the limit. To admit it uncounted
/// would let a holder of many prefixes fill the table and then exceed every limit; to refuse it would let the same one keep
/// everybody out. The table stays bounded: it has at most as many entries as the limit says or as the proxy has
/// connections, whichever is more, and a connection costs far more memory than an entry.
/// </para>
/// </remarks>
/// <param name="most">The limit of entries.</param>
internal sealed class ClientTable(int most)
{
    private const int FirstSize = 16;

    private readonly Lock _gate = new();
    private readonly IdleQueue _idle = new();
    private Entry[] _entries = new Entry[FirstSize];

    // Links are an index + 1, 0 for none.
    private int[] _buckets = new int[FirstSize];
    private int _freeLink;
    private int _reached;
    private int _count;

    /// <summary>How many clients have an entry.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>How many connections are counted, of all clients.</summary>
    internal long Connections
    {
        get
        {
            lock (_gate)
            {
                return _entries.Sum(static entry => (long)entry.Connections);
            }
        }
    }

    internal Admission Admit(ClientKey key, int hash, ClientLimitSettings limits, long now)
    {
        lock (_gate)
        {
            int index = Find(key, hash);
            if (index < 0)
            {
                // Each limit allows a client without a past one connection at least.
                index = Add(key, hash, now);
            }
            else if (Refuse(ref _entries[index], limits, now) is { } refusal)
            {
                return refusal;
            }
            else if (_entries[index].Connections == 0)
            {
                _idle.Remove(index);
            }

            ref Entry entry = ref _entries[index];
            entry.Connections++;
            if (limits.Rate is { } rate)
            {
                entry.PaidUntil = rate.Pay(entry.PaidUntil, now, 1);
            }

            return new Admission(LimitVerdict.Admitted, new ClientUse(this, index), TimeSpan.Zero);
        }
    }

    internal void Release(int index, long now)
    {
        lock (_gate)
        {
            ref Entry entry = ref _entries[index];
            Debug.Assert(entry.Connections > 0, "A connection is released once.");
            if (--entry.Connections > 0)
            {
                return;
            }

            if (entry.PaidUntil <= now)
            {
                Remove(index);
                return;
            }

            _idle.Add(index, entry.PaidUntil);
            if (_count > most)
            {
                Remove(_idle.TakeFirst());
            }
        }
    }

    private static Admission? Refuse(ref Entry entry, ClientLimitSettings limits, long now)
    {
        if (entry.Connections >= limits.Connections)
        {
            return Admission.TooManyConnections;
        }

        if (limits.Rate is not { } rate)
        {
            return null;
        }

        entry.PaidUntil = rate.Bound(entry.PaidUntil, now);
        return rate.Allowed(entry.PaidUntil, now) < 1
            ? Admission.TooFast(TimeSpan.FromTicks(rate.AllowedAt(entry.PaidUntil, 1) - now))
            : null;
    }

    private int Find(ClientKey key, int hash)
    {
        int link = Bucket(hash);
        while (link != 0 && _entries[link - 1].Key != key)
        {
            link = _entries[link - 1].Next;
        }

        return link - 1;
    }

    private int Add(ClientKey key, int hash, long now)
    {
        if (_count >= most && _idle.Count > 0)
        {
            Remove(_idle.TakeFirst());
        }

        int index = TakeFree();
        ref int bucket = ref Bucket(hash);
        _entries[index] = new Entry { Key = key, PaidUntil = now, Next = bucket };
        bucket = index + 1;
        _count++;
        return index;
    }

    private void Remove(int index)
    {
        ref Entry entry = ref _entries[index];
        ref int link = ref Bucket(entry.Key.Hash());
        while (link != index + 1)
        {
            link = ref _entries[link - 1].Next;
        }

        link = entry.Next;
        entry.Next = _freeLink;
        _freeLink = index + 1;
        _count--;
    }

    private int TakeFree()
    {
        if (_freeLink != 0)
        {
            int index = _freeLink - 1;
            _freeLink = _entries[index].Next;
            return index;
        }

        if (_reached == _entries.Length)
        {
            Grow();
        }

        return _reached++;
    }

    /// <summary>Doubles the table, all of whose entries are in use. Entries keep their index.</summary>
    private void Grow()
    {
        Array.Resize(ref _entries, _entries.Length * 2);
        _buckets = new int[_entries.Length];
        for (int index = 0; index < _reached; index++)
        {
            ref int bucket = ref Bucket(_entries[index].Key.Hash());
            _entries[index].Next = bucket;
            bucket = index + 1;
        }
    }

    private ref int Bucket(int hash) => ref _buckets[hash & (_buckets.Length - 1)];

    private struct Entry
    {
        internal ClientKey Key;

        // The time until which the connections so far are paid for: see Rate.
        internal long PaidUntil;
        internal int Connections;
        internal int Next;
    }
}
