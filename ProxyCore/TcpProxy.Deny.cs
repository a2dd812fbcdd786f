using ProxyCore.Connections;
using ProxyCore.Settings;
using ProxyCore.Sharing;

namespace ProxyCore;

/// <content>Clients that are denied for a time.</content>
public sealed partial class TcpProxy
{
    /// <summary>
    /// Lets no new connection of an address, or of a range of addresses, in, to any route, for a time: it ends with a reset and
    /// <see cref="EndReason.AccessDenied"/>. That stays over changes by <see cref="ApplyAsync"/>, and ends with the proxy.
    /// </summary>
    /// <remarks>
    /// What counts is the address that <see cref="ClientIdentity.Address"/> has: behind <see cref="ListenOptions.ProxyProtocol"/>
    /// the one that is declared. Clients of Unix sockets have none, and are always let in. The time is that of the proxy's
    /// clock. What is denied already is denied anew: for the new time, be it longer or shorter.
    /// </remarks>
    /// <param name="address">An address or a range, as <c>192.0.2.7</c> or <c>2001:db8::/32</c>. IPv4-mapped ones mean IPv4.</param>
    /// <param name="options">For how long, and whether open connections end. Null: for 10 min, and they live on.</param>
    /// <param name="cancellationToken">Gives up waiting; the address may be denied all the same.</param>
    /// <returns>What is denied now. No new connection is let in any more, and connections that end have ended.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="address"/> is null.</exception>
    /// <exception cref="ArgumentException">It is no address and no range, or the time is out of its range. Nothing has changed.</exception>
    /// <exception cref="DenyLimitException">As many are denied as may be. Nothing has changed.</exception>
    /// <exception cref="InvalidOperationException">The proxy is not running.</exception>
    public async Task<DenyEntry> DenyAsync(string address, DenyOptions? options = null, CancellationToken cancellationToken = default)
    {
        AddressRange range = ReadRange(address);
        options ??= new DenyOptions();
        if (!OptionLimits.DenyTime.Allow(options.Duration))
        {
            throw new ArgumentException($"{nameof(options.Duration)} must be more than zero, and at most 30 days", nameof(options));
        }

        ShardGroup shards = _life.RequireRunning().Shards;
        DenyEntry entry = await SetAsync(link =>
        {
            DenyEntry denied = shards.Denied.TryDeny(range, options.Duration) ?? throw new DenyLimitException(shards.Denied.Limit);
            link?.Note(SharedKey.OfDeny(range), options.EndConnections ? SharedKey.End : SharedKey.Keep, options.Duration);
            return Task.FromResult(denied);
        }).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (options.EndConnections)
        {
            await shards.CutFromAsync([range]).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return entry;
    }

    /// <summary>Lets the clients of an address or a range in again that was denied by <see cref="DenyAsync"/>.</summary>
    /// <param name="address">The same address or range. Other ranges that it is in stay denied.</param>
    /// <param name="cancellationToken">Gives up waiting; it may be let in all the same.</param>
    /// <returns>Whether it was denied.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="address"/> is null.</exception>
    /// <exception cref="ArgumentException">It is no address and no range.</exception>
    /// <exception cref="InvalidOperationException">The proxy is not running.</exception>
    public async Task<bool> RemoveDenyAsync(string address, CancellationToken cancellationToken = default)
    {
        AddressRange range = ReadRange(address);
        ShardGroup shards = _life.RequireRunning().Shards;
        return await SetAsync(link =>
        {
            bool isRemoved = shards.Denied.TryRemove(range);
            if (isRemoved)
            {
                link?.Note(SharedKey.OfDeny(range), value: null, remaining: null);
            }

            return Task.FromResult(isRemoved);
        }).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What is denied now by <see cref="DenyAsync"/>, in the order in which it ends; nothing when the proxy does not run.</summary>
    public IReadOnlyList<DenyEntry> GetDenied() => State == ProxyState.Running ? Running?.Shards.Denied.All ?? [] : [];

    private static AddressRange ReadRange(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return AddressRange.TryParse(address, out AddressRange range, out string? cause) ? range : throw new ArgumentException(cause, nameof(address));
    }
}
