using System.Net;
using System.Net.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Connections.Pools;

/// <summary>Looks up the addresses of a name, on a thread of the pool.</summary>
internal delegate Task<IPAddress[]> NameLookup(string name, CancellationToken cancellationToken);

/// <summary>The addresses of one upstream endpoint. Belongs to the loop's thread; a look-up runs on another.</summary>
/// <remarks>A name is looked up at the start and then at intervals. When a look-up fails, the last good answer stays.</remarks>
internal sealed class UpstreamAddresses : ILoopMember
{
    private const int MaximumAddresses = 64;

    // Clients whose connects fail ask for a look-up before its time. However many they are, the name server gets at most
    // one query a second.
    private static readonly TimeSpan _shortestInterval = TimeSpan.FromSeconds(1);

    private readonly SelectLoop _loop;
    private readonly ProxyEndpoint _endpoint;
    private readonly NameLookup _lookup;
    private TimeSpan _interval;
    private TimeSpan _lookupTimeout;
    private readonly Action<LookupResult> _answered;
    private readonly CallbackTimer _again;
    private TimeSpan _askedAt;
    private bool _isStopped;

    /// <param name="loop">The loop that it runs on.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="interval">The time from one look-up to the next.</param>
    /// <param name="lookupTimeout">The most that a look-up may take.</param>
    /// <param name="lookup">The name service, which must not block.</param>
    /// <param name="answered">Called on the loop after each look-up.</param>
    internal UpstreamAddresses(
        SelectLoop loop, ProxyEndpoint endpoint, TimeSpan interval, TimeSpan lookupTimeout, NameLookup lookup, Action<LookupResult> answered)
    {
        _loop = loop;
        _endpoint = endpoint;
        _interval = interval;
        _lookupTimeout = lookupTimeout;
        _lookup = lookup;
        _answered = answered;
        _again = new CallbackTimer(this, LookUp);
        Current = KnownAddresses(endpoint);
    }

    /// <summary>The addresses, in the order to try them; empty until the first look-up of a name succeeds.</summary>
    internal IReadOnlyList<EndPoint> Current { get; private set; }

    /// <summary>Whether a look-up runs.</summary>
    internal bool IsAsking { get; private set; }

    /// <summary>The error of the last look-up; null when it succeeded, or there was none yet.</summary>
    internal string? LookupError { get; private set; }

    private bool IsName => _endpoint.Kind == ProxyEndpointKind.Name;

    /// <summary>Begins to look up, or goes on after <see cref="Stop"/>. Does nothing while it looks up.</summary>
    internal void Start()
    {
        _isStopped = false;
        if (IsName && !IsAsking && !_again.IsArmed)
        {
            LookUp();
        }
    }

    /// <summary>Changes the times. A look-up that is due later than the new interval says comes sooner; none comes later.</summary>
    internal void Update(TimeSpan interval, TimeSpan lookupTimeout)
    {
        _interval = interval;
        _lookupTimeout = lookupTimeout;
        if (_again.IsArmed && _again.Due > _loop.Now + interval)
        {
            _loop.Arm(_again, interval);
        }
    }

    /// <summary>Ends the look-ups. The addresses that are known stay.</summary>
    internal void Stop()
    {
        _isStopped = true;
        _loop.Cancel(_again);
    }

    /// <summary>
    /// Looks up before the interval is over, because the addresses that are known are of no use: at once, or one second
    /// after the last look-up began.
    /// </summary>
    internal void Refresh()
    {
        if (!IsName || IsAsking || _isStopped)
        {
            return;
        }

        TimeSpan wait = _askedAt + _shortestInterval - _loop.Now;
        if (wait <= TimeSpan.Zero)
        {
            LookUp();
        }
        else if (_again.Due > _loop.Now + wait)
        {
            _loop.Arm(_again, wait);
        }
    }

    void ILoopMember.Fault(Exception exception) => Fail(exception);

    private static IReadOnlyList<EndPoint> KnownAddresses(ProxyEndpoint endpoint) => endpoint.Kind switch
    {
        // IPv4 first: most servers on a developer's machine listen there only.
        ProxyEndpointKind.Loopback =>
            [new IPEndPoint(IPAddress.Loopback, endpoint.Port), new IPEndPoint(IPAddress.IPv6Loopback, endpoint.Port)],
        ProxyEndpointKind.Address => [new IPEndPoint(endpoint.Address!, endpoint.Port)],
        ProxyEndpointKind.UnixSocket => [new UnixDomainSocketEndPoint(endpoint.Path!)],
        _ => [],
    };

    private void LookUp()
    {
        IsAsking = true;
        _askedAt = _loop.Now;
        _loop.Cancel(_again);
        _ = LookUpAsync();
    }

    private async Task LookUpAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(_lookupTimeout);
            IPAddress[] addresses = await _lookup(_endpoint.Name!, timeout.Token).ConfigureAwait(false);
            _loop.Post(this, () => Answer(addresses));
        }
        catch (Exception exception)
        {
            _loop.Post(this, () => Fail(exception));
        }
    }

    private void Answer(IPAddress[] addresses)
    {
        if (addresses.Length == 0)
        {
            Fail(new SocketException((int)SocketError.HostNotFound));
            return;
        }

        bool failedBefore = LookupError is not null;
        LookupError = null;
        Current = [.. addresses.Take(MaximumAddresses).Select(address => new IPEndPoint(address, _endpoint.Port))];
        Answered(failedBefore);
    }

    private void Fail(Exception exception)
    {
        bool failedBefore = LookupError is not null;
        LookupError = LookupResult.Describe(exception);
        Answered(failedBefore);
    }

    private void Answered(bool failedBefore)
    {
        IsAsking = false;
        if (_isStopped)
        {
            return;
        }

        _loop.Arm(_again, _interval);
        _answered(new LookupResult(_endpoint.ToString(), LookupError, failedBefore, Current.Count > 0));
    }
}
