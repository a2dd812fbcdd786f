using System.Net;
using ProxyCore.Access;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Limiting;

/// <summary>
/// Which clients a proxy or a route lets in, and how many connections each of them may have. It lives as long as the proxy or
/// the route, and a reload changes it, so that what it has counted stays. Any thread.
/// </summary>
internal sealed class ClientGate
{
    private volatile AccessListSource? _access;
    private volatile ClientLimiter? _limiter;
    private volatile AddressSet? _denied;
    private int _waiting;

    /// <summary>Whether it lets everybody in, and counts nobody.</summary>
    internal bool IsOpen => _access is null && _limiter is null && _denied is null;

    /// <summary>Whether open connections end when their clients are not let in any more.</summary>
    internal bool EndsDenied => _access?.Settings.EndDenied == true;

    /// <summary>Counts the connections of each client; null when nothing limits them.</summary>
    internal ClientLimiter? Limiter => _limiter;

    /// <summary>Its lists, as they are configured; null for none.</summary>
    internal AccessSettings? Access => _access?.Settings;

    /// <summary>Whether the lists let a client in; null stands for one on a Unix socket.</summary>
    internal bool Allows(IPAddress? client) => _access?.Rules.Allows(client) ?? true;

    /// <summary>Whether a client is denied for a time; null stands for one on a Unix socket.</summary>
    internal bool Denies(IPAddress? client) => client is not null && _denied is { } denied && denied.Contains(client);

    /// <summary>Begins a wait, unless as many clients wait as may.</summary>
    internal bool TryBeginWait(int most)
    {
        if (Interlocked.Increment(ref _waiting) <= most)
        {
            return true;
        }

        EndWait();
        return false;
    }

    internal void EndWait() => Interlocked.Decrement(ref _waiting);

    /// <summary>Uses other lists, and ends the use of the files of those before.</summary>
    internal void Use(AccessListSource? access)
    {
        AccessListSource? before = _access;
        _access = access;
        before?.Dispose();
        access?.Start();
    }

    /// <summary>Uses other limits; what is counted stays, unless clients are told apart in another way.</summary>
    internal void Use(ClientLimitSettings? limits)
    {
        if (limits is null)
        {
            _limiter = null;
        }
        else if (_limiter?.TryChange(limits) != true)
        {
            _limiter = new ClientLimiter(limits);
        }
    }

    /// <summary>Denies these clients, and no others, until it is told again; null for none.</summary>
    internal void UseDenied(AddressSet? denied) => _denied = denied;

    /// <summary>
    /// Drops its lists and looks at no file any more: its route or the proxy is gone. A route that comes back begins with the
    /// lists that it has then.
    /// </summary>
    internal void Close() => Use((AccessListSource?)null);
}
