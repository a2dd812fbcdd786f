using System.Net;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;

namespace ProxyCore.Connections;

/// <summary>All shards of a proxy: they are bound, started, drained and ended as one. Any thread.</summary>
internal sealed class ShardGroup
{
    private readonly ILogger _logger;
    private readonly TimeSpan _drainTimeout;
    private int _stillListening;
    private int _isDraining;
    private int _isCutting;

    private ShardGroup(IReadOnlyList<Shard> shards, ILogger logger, TimeSpan drainTimeout)
    {
        Shards = shards;
        _logger = logger;
        _drainTimeout = drainTimeout;
        _stillListening = shards.Count;
        Endpoints = [.. shards[0].Listeners.All.Select(static listener => listener.LocalEndPoint)];
        Ended = EndAsync();
    }

    internal IReadOnlyList<Shard> Shards { get; }

    /// <summary>The addresses that they are bound to, each once.</summary>
    internal IReadOnlyList<EndPoint> Endpoints { get; }

    /// <summary>Completes when every loop has ended and everything is released; fails when a loop did.</summary>
    internal Task Ended { get; }

    /// <summary>Makes the shards and binds every listener.</summary>
    /// <exception cref="ListenException">One can't be bound; nothing stays open.</exception>
    internal static ShardGroup Bind(ProxySettings settings, ILogger logger, TimeProvider timeProvider, NameLookup lookup)
    {
        var admission = new Admission(settings.MaxConnections);
        var shards = new List<Shard>();
        try
        {
            for (int number = 1; number <= settings.Loops; number++)
            {
                shards.Add(new Shard(number, settings, admission, logger, timeProvider));
            }

            Route[] routes = [.. settings.Routes.Select(route => new Route(route, MakePool(route, shards, logger, lookup)))];
            shards[0].Take([.. routes.Select(static route => route.Pool)]);
            foreach (Route route in routes)
            {
                foreach (ProxyEndpoint endpoint in route.Settings.Listen)
                {
                    ClientSpreading.Bind(shards, route, endpoint, settings.Spread);
                }
            }
        }
        catch
        {
            shards.ForEach(static shard => shard.Release());
            throw;
        }

        return new ShardGroup(shards, logger, settings.DrainTimeout);
    }

    /// <summary>Starts every loop; completes when all accept.</summary>
    internal Task Start()
    {
        LogListening();
        return Task.WhenAll(Shards.Select(static shard => shard.Start()));
    }

    /// <summary>Stops accepting; ends when the last connection has, at the latest after the drain timeout.</summary>
    internal void BeginDrain()
    {
        if (Interlocked.Exchange(ref _isDraining, 1) != 0)
        {
            return;
        }

        foreach (Shard shard in Shards)
        {
            shard.BeginDrain(OnListenersClosed, () => BeginCut(EndReason.DrainTimeout));
        }
    }

    /// <summary>Ends at once; the first reason wins.</summary>
    internal void BeginCut(EndReason reason)
    {
        // Several loops find the drain overdue at once. The first tells of it before any is cut.
        if (Interlocked.Exchange(ref _isCutting, 1) != 0)
        {
            return;
        }

        if (ReadStatistics().Active is > 0 and var connections)
        {
            _logger.Cutting(connections, reason);
        }

        foreach (Shard shard in Shards)
        {
            shard.BeginCut(reason);
        }
    }

    internal TcpProxyStatistics ReadStatistics() => ShardStatistics.Sum(Shards.Select(static shard => shard.Statistics));

    private static RoutePool MakePool(RouteSettings route, List<Shard> shards, ILogger logger, NameLookup lookup) =>
        new(shards[0].Loop, route, logger, lookup, member => shards.ForEach(shard => shard.BeginCutTo(member)));

    /// <summary>One line for each endpoint as it was written: localhost has two listeners on each loop.</summary>
    private void LogListening()
    {
        foreach (Listener listener in Shards[0].Listeners.All.DistinctBy(static listener => listener.Endpoint))
        {
            if (listener.LocalEndPoint is IPEndPoint { Port: var port })
            {
                _logger.ListeningOnPort(port);
            }
            else
            {
                _logger.ListeningOn(listener.Endpoint);
            }
        }
    }

    private void OnListenersClosed()
    {
        if (Interlocked.Decrement(ref _stillListening) == 0 && ReadStatistics().Active is > 0 and var connections)
        {
            _logger.Draining(connections, _drainTimeout.TotalSeconds);
        }
    }

    private async Task EndAsync()
    {
        _ = EndLastAsync();
        Task[] ends = [.. Shards.Select(static shard => shard.Ended)];
        await foreach (Task end in Task.WhenEach(ends).ConfigureAwait(false))
        {
            // A proxy that served some of its clients only, with the rest waiting for a loop that is gone, would be
            // worse than one that has stopped.
            if (end.IsFaulted)
            {
                BeginCut(EndReason.Fault);
            }
        }

        await Task.WhenAll(ends).ConfigureAwait(false);
    }

    /// <summary>The first shard has the pools that the others need: it ends when they have.</summary>
    private async Task EndLastAsync()
    {
        await Task.WhenAll(Shards.Skip(1).Select(static shard => shard.Ended))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Shards[0].BeginToEnd();
    }
}
