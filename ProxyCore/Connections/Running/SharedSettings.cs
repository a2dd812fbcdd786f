using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;
using ProxyCore.Sharing;

namespace ProxyCore.Connections.Running;

/// <summary>Sets on a running proxy what others have set on theirs. For one thread at a time.</summary>
/// <param name="shards">The proxy.</param>
/// <param name="logger">Where it is told.</param>
internal sealed class SharedSettings(ShardGroup shards, ILogger logger) : ISharedTarget
{
    private readonly HashSet<SharedKey> _unknown = [];
    private int _leftOut;

    public async Task ApplyAsync(IReadOnlyList<SharedItem> items, TimeSpan now)
    {
        await DenyAsync([.. items.Where(static item => item.Key.Range is not null)], now).ConfigureAwait(false);
        foreach (SharedItem item in items.Where(static item => item.Key.Range is null))
        {
            item.IsInForce = await ChangeAsync(item).ConfigureAwait(false);
        }
    }

    private async Task DenyAsync(SharedItem[] items, TimeSpan now)
    {
        if (items.Length == 0)
        {
            return;
        }

        (AddressRange Range, TimeSpan? Duration)[] changes =
            [.. items.Select(item => (item.Key.Range!.Value, item.Value is null || item.HasEnded(now) ? null : item.Until - now))];
        IReadOnlySet<AddressRange> leftOut = shards.Denied.Follow(changes);
        AddressRange[] ending =
        [
            .. items.Where(item => item is { Value: SharedKey.End, WasInForce: false } && !item.HasEnded(now))
                .Select(static item => item.Key.Range!.Value).Where(range => !leftOut.Contains(range)),
        ];
        Array.ForEach(items, item => item.IsInForce = !leftOut.Contains(item.Key.Range!.Value));
        Tell(changes, leftOut.Count);
        if (ending.Length > 0)
        {
            await shards.CutFromAsync(ending).ConfigureAwait(false);
        }
    }

    private void Tell((AddressRange Range, TimeSpan? Duration)[] changes, int leftOut)
    {
        int denied = changes.Count(static one => one.Duration is not null);
        if (leftOut < changes.Length)
        {
            logger.SharedDenyFollowed(denied - leftOut, changes.Length - denied);
        }

        // Those that had no room are tried again: a line for each time would be too many.
        if (leftOut > _leftOut)
        {
            logger.SharedDenyLeftOut(leftOut);
        }

        _leftOut = leftOut;
    }

    /// <summary>Whether it is in force then.</summary>
    private async Task<bool> ChangeAsync(SharedItem item)
    {
        UpstreamChange change = item.Key.ToChange(item.Value)!;
        if (change.EndConnections && item.WasInForce)
        {
            change = new UpstreamChange { Route = change.Route, Upstream = change.Upstream, State = change.State };
        }

        bool isThere = shards.Routes.Routes.TryGetValue(change.Route!, out Route? route)
            && await shards.TryChangeAsync(route, change, unlessSet: true).ConfigureAwait(false);
        if (!isThere && item.Value is not null && _unknown.Add(item.Key))
        {
            logger.SharedUpstreamUnknown(Printable.Shorten(change.Upstream), Printable.Shorten(change.Route!));
        }

        // What is not there is not set either.
        return isThere || item.Value is null;
    }
}
