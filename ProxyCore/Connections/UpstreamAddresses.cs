using System.Net;
using System.Net.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Connections;

/// <summary>Looks a name up, off the loop.</summary>
internal delegate Task<IPAddress[]> NameLookup(string name, CancellationToken cancellationToken);

/// <summary>The addresses behind one upstream endpoint. Belongs to the loop's thread; the look-up runs elsewhere.</summary>
/// <remarks>
/// A name is looked up when somebody needs it and the last answer is older than <see cref="Freshness"/>; all who come
/// meanwhile share the look-up. One that fails keeps the last good answer.
/// </remarks>
internal sealed class UpstreamAddresses : ILoopMember
{
    /// <summary>How long an answer is used without asking again.</summary>
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private const int MaximumAddresses = 64;

    private readonly SelectLoop _loop;
    private readonly ProxyEndpoint _endpoint;
    private readonly NameLookup _lookup;
    private readonly TimeSpan _lookupTimeout;
    private readonly List<(ILoopMember Owner, Action Answered)> _waiting = [];
    private TimeSpan? _freshUntil;

    internal UpstreamAddresses(SelectLoop loop, ProxyEndpoint endpoint, TimeSpan lookupTimeout, NameLookup lookup)
    {
        _loop = loop;
        _endpoint = endpoint;
        _lookup = lookup;
        _lookupTimeout = lookupTimeout;
        Current = KnownAddresses(endpoint);
    }

    /// <summary>The addresses, in the order to try them; empty while a name has never been resolved.</summary>
    internal IReadOnlyList<EndPoint> Current { get; private set; }

    /// <summary>Whether <see cref="Current"/> can be used as it is.</summary>
    internal bool AreFresh => _endpoint.Kind != ProxyEndpointKind.Name || _loop.Now < _freshUntil;

    /// <summary>Why the last look-up failed, if it did.</summary>
    internal string? LookupError { get; private set; }

    /// <summary>Asks again; calls <paramref name="answered"/> on the loop when <see cref="Current"/> is as fresh as can be.</summary>
    internal void Refresh(ILoopMember owner, Action answered)
    {
        _waiting.Add((owner, answered));
        if (_waiting.Count == 1)
        {
            _ = LookUpAsync();
        }
    }

    /// <summary>Makes the next connection ask again: no address of the last answer could be connected to.</summary>
    internal void Distrust() => _freshUntil = null;

    void ILoopMember.Fault(Exception exception) => LookupError = exception.Message;

    private static IReadOnlyList<EndPoint> KnownAddresses(ProxyEndpoint endpoint) => endpoint.Kind switch
    {
        // IPv4 first: most servers on a developer's machine listen there only.
        ProxyEndpointKind.Loopback =>
            [new IPEndPoint(IPAddress.Loopback, endpoint.Port), new IPEndPoint(IPAddress.IPv6Loopback, endpoint.Port)],
        ProxyEndpointKind.Address => [new IPEndPoint(endpoint.Address!, endpoint.Port)],
        ProxyEndpointKind.UnixSocket => [new UnixDomainSocketEndPoint(endpoint.Path!)],
        _ => [],
    };

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
        _freshUntil = _loop.Now + Freshness;
        TellWaiting();
    }

    private void Fail(Exception exception)
    {
        LookupError = exception switch
        {
            SocketException { SocketErrorCode: var code } => ConnectionErrors.Describe(code),
            TimeoutException or OperationCanceledException => "the look-up timed out",
            _ => exception.Message,
        };
        TellWaiting();
    }

    private void TellWaiting()
    {
        (ILoopMember Owner, Action Answered)[] waiting = [.. _waiting];
        _waiting.Clear();
        foreach ((ILoopMember owner, Action answered) in waiting)
        {
            _loop.Post(owner, answered);
        }
    }
}
