using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Dialing;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Loop;
using ProxyCore.Relay.Transports;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>
/// Checks one upstream at intervals: connects, sends bytes and waits for an answer where the settings say so, and closes.
/// </summary>
/// <remarks>Belongs to the loop's thread.</remarks>
internal sealed class HealthChecker : ILoopMember, IAddressObserver
{
    private readonly SelectLoop _loop;
    private readonly PoolMember _member;
    private readonly LoopTls _tls;
    private readonly Action<PoolMember, CheckResult> _checked;
    private readonly CallbackTimer _timer;
    private RouteSettings _route;
    private HealthCheckSettings _settings;
    private AddressSequence? _connecting;
    private HealthExchange? _answer;
    private EndPoint? _address;
    private bool _isChecking;
    private TimeSpan _began;

    /// <param name="loop">The loop that it runs on.</param>
    /// <param name="route">The options of its sockets.</param>
    /// <param name="member">The upstream.</param>
    /// <param name="settings">How to check it.</param>
    /// <param name="tls">The TLS of the loop.</param>
    /// <param name="isChecked">Called with the result of each check.</param>
    internal HealthChecker(
        SelectLoop loop, RouteSettings route, PoolMember member, HealthCheckSettings settings, LoopTls tls, Action<PoolMember, CheckResult> isChecked)
    {
        _loop = loop;
        _route = route;
        _member = member;
        _settings = settings;
        _tls = tls;
        _checked = isChecked;
        _timer = new CallbackTimer(this, OnDue);
    }

    private AddressFamily Family => _member.Settings.EndPoints[0].AddressFamily;

    /// <summary>Begins; the first check comes after <paramref name="delay"/>.</summary>
    internal void Start(TimeSpan delay) => _loop.Arm(_timer, delay);

    /// <summary>Uses other settings from the next check on. A check that runs goes on as it began.</summary>
    internal void Update(RouteSettings route, HealthCheckSettings settings)
    {
        TimeSpan interval = _settings.Interval;
        _route = route;
        _settings = settings;
        if (!_isChecking && interval != settings.Interval)
        {
            // The same share of the interval is left as before, so that the checks of a pool stay spread over it.
            TimeSpan left = _timer.Due - _loop.Now;
            _loop.Arm(_timer, left > TimeSpan.Zero ? left * (settings.Interval / interval) : TimeSpan.Zero);
        }
    }

    /// <summary>Ends, without a result for a check that runs.</summary>
    internal void Stop()
    {
        _loop.Cancel(_timer);
        Abandon();
    }

    // An exception is a fault of the proxy, not of the upstream.
    void ILoopMember.Fault(Exception exception) => Finish(new CheckResult(CheckOutcome.NotMade, exception.Message));

    void IAddressObserver.OnTrying(EndPoint address) => _address = address;

    void IAddressObserver.OnSlow()
    {
    }

    void IAddressObserver.OnSecuring()
    {
    }

    void IAddressObserver.OnAddressFailed(EndPoint address, string cause)
    {
    }

    void IAddressObserver.OnCompleted(ConnectOutcome outcome)
    {
        if (outcome.Socket is not { } socket)
        {
            Finish(outcome.TlsFailure is { } cause ? CheckResult.Failure(cause) : CheckResult.Of(outcome.Error, Family));
        }
        else
        {
            Exchange(socket, outcome.Tls);
        }
    }

    private void Exchange(Socket socket, TlsTransport? tls)
    {
        // Ahead of TLS the header went out already.
        byte[] header = tls is null ? MakeHeader(socket) : [];
        byte[] send = [.. header, .. _settings.Send];
        if (send.Length == 0 && _settings.Expect.Length == 0 && tls is null)
        {
            // With a reset: the upstream need not keep the port of a check for a minute (TIME_WAIT), nor do we.
            socket.Close(0);
            Finish(CheckResult.Success);
            return;
        }

        _answer = new HealthExchange(_loop, this, socket, tls, send, _settings.Expect.AsSpan().ToArray(), Finish);
        _answer.Begin();
    }

    private byte[] MakeHeader(Socket socket) =>
        _member.Settings.SendProxyProtocol is { } settings ? CheckHeader.Make(settings.Version, socket, _address) : [];

    private UpstreamSecurity? MakeSecurity() => _member.Settings.Tls is { } tls
        ? new UpstreamSecurity(tls.Settings.StartTls, MakeHeader, _tls.BeginnerFor(tls, clientAlpn: null), _tls.Turns)
        : null;

    private void OnDue()
    {
        if (_isChecking)
        {
            Finish(ResultOfTimeout());
            return;
        }

        _isChecking = true;
        _began = _loop.Now;
        _loop.Arm(_timer, _settings.Timeout);
        _connecting = new AddressSequence(_loop, this, _route, _member.Settings.EndPoints, _settings.Timeout, this, MakeSecurity());
        _connecting.TryNext();
    }

    private CheckResult ResultOfTimeout()
    {
        var result = CheckResult.Of(_connecting?.LocalFailure?.Error ?? SocketError.TimedOut, Family);
        return _answer?.Missing is { } missing ? result with { Cause = $"{result.Cause}: {missing}" } : result;
    }

    private void Finish(CheckResult result)
    {
        Abandon();
        _loop.Arm(_timer, _settings.Interval);
        _checked(_member, result with { Duration = _loop.Now - _began });
    }

    private void Abandon()
    {
        _isChecking = false;
        _connecting?.Abandon();
        _connecting = null;
        _answer?.Cut();
        _answer = null;
    }
}
