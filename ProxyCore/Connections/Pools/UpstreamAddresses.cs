using System.Net;
using System.Net.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Connections.Pools;

/// <summary>Looks a name up, off the loop.</summary>
internal delegate Task<IPAddress[]> NameLookup(string name, CancellationToken cancellationToken);

/// <summary>The addresses behind one upstream endpoint. Belongs to the loop's thread; the look-up runs elsewhere.</summary>
/// <remarks>
/// A name is looked up at the start and again every so often. A look-up that fails keeps the last good answer.
/// </remarks>
internal sealed class UpstreamAddresses : ILoopMember
{
    private const int MaximumAddresses = 64;

    // An answer that turns out to be useless is asked for again before its time, but a server of names is not to be
    // asked once for each client that comes meanwhile.
    private static readonly TimeSpan _shortestInterval = TimeSpan.FromSeconds(1);

    private readonly SelectLoop _loop;
    private readonly ProxyEndpoint _endpoint;
    private readonly NameLookup _lookup;
    private TimeSpan _interval;
    private TimeSpan _lookupTimeout;
    private readonly Action _answered;
    private readonly CallbackTimer _again;
    private TimeSpan _askedAt;
    private bool _isStopped;

    /// <param name="loop">Whose loop.</param>
    /// <param name="endpoint">Whose addresses.</param>
    /// <param name="interval">From one look-up to the next.</param>
    /// <param name="lookupTimeout">How long a look-up may take.</param>
    /// <param name="lookup">What looks up.</param>
    /// <param name="answered">Called on the loop after each look-up.</param>
    internal UpstreamAddresses(
        SelectLoop loop, ProxyEndpoint endpoint, TimeSpan interval, TimeSpan lookupTimeout, NameLookup lookup, Action answered)
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

    /// <summary>The addresses, in the order to try them; empty while a name has never been resolved.</summary>
    internal IReadOnlyList<EndPoint> Current { get; private set; }

    /// <summary>Whether a look-up is under way.</summary>
    internal bool IsAsking { get; private set; }

    /// <summary>Why the last look-up failed, if it did.</summary>
    internal string? LookupError { get; private set; }

    private bool IsName => _endpoint.Kind == ProxyEndpointKind.Name;

    /// <summary>Begins to look up, if it has not begun.</summary>
    internal void Start()
    {
        if (IsName && !IsAsking && !_again.IsArmed)
        {
            LookUp();
        }
    }

    /// <summary>Changes the times; the interval from the next look-up on.</summary>
    internal void Update(TimeSpan interval, TimeSpan lookupTimeout)
    {
        _interval = interval;
        _lookupTimeout = lookupTimeout;
    }

    /// <summary>Looks up no more.</summary>
    internal void Stop()
    {
        _isStopped = true;
        _loop.Cancel(_again);
    }

    /// <summary>Looks up before the time, as the last answer was of no use: soon, if that was just now.</summary>
    internal void AskAgain()
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

            // On a thread of the pool also for its first part, which may block.
            IPAddress[] addresses = await Task
                .Run(() => _lookup(_endpoint.Name!, timeout.Token), CancellationToken.None)
                .WaitAsync(_lookupTimeout, CancellationToken.None)
                .ConfigureAwait(false);
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

        LookupError = null;
        Current = [.. addresses.Take(MaximumAddresses).Select(address => new IPEndPoint(address, _endpoint.Port))];
        Answered();
    }

    private void Fail(Exception exception)
    {
        LookupError = exception switch
        {
            SocketException { SocketErrorCode: var code } => ConnectionErrors.Describe(code),
            TimeoutException or OperationCanceledException => "the look-up timed out",
            _ => exception.Message,
        };
        Answered();
    }

    private void Answered()
    {
        IsAsking = false;
        if (_isStopped)
        {
            return;
        }

        _loop.Arm(_again, _interval);
        _answered();
    }
}
