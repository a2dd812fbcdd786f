using System.Net;
using ProxyCore.Connections.Connecting;
using ProxyCore.Loop;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>
/// Checks one upstream again and again: connects, sends and waits for an answer if it is to, closes. Belongs to the
/// loop's thread.
/// </summary>
internal sealed class HealthChecker : ILoopMember, IAddressObserver
{
    private readonly SelectLoop _loop;
    private readonly RouteSettings _route;
    private readonly HealthCheckSettings _settings;
    private readonly PoolMember _member;
    private readonly Action<PoolMember, string?> _checked;
    private readonly CallbackTimer _timer;
    private AddressSequence? _connecting;
    private HealthExchange? _answer;
    private bool _isChecking;

    /// <param name="loop">Whose loop.</param>
    /// <param name="route">The options of its sockets.</param>
    /// <param name="member">Whom it checks.</param>
    /// <param name="settings">How.</param>
    /// <param name="isChecked">Called after each check; with the cause when it failed.</param>
    internal HealthChecker(
        SelectLoop loop, RouteSettings route, PoolMember member, HealthCheckSettings settings, Action<PoolMember, string?> isChecked)
    {
        _loop = loop;
        _route = route;
        _member = member;
        _settings = settings;
        _checked = isChecked;
        _timer = new CallbackTimer(this, OnDue);
    }

    /// <summary>Begins, with the first check after <paramref name="delay"/>.</summary>
    internal void Start(TimeSpan delay) => _loop.Arm(_timer, delay);

    /// <summary>Ends; a check under way comes to nothing.</summary>
    internal void Stop()
    {
        _loop.Cancel(_timer);
        Abandon();
    }

    void ILoopMember.Fault(Exception exception) => Finish(exception.Message);

    void IAddressObserver.OnTrying(EndPoint address)
    {
    }

    void IAddressObserver.OnSlow()
    {
    }

    void IAddressObserver.OnAddressFailed(EndPoint address, string cause)
    {
    }

    void IAddressObserver.OnCompleted(ConnectOutcome outcome)
    {
        if (outcome.Socket is not { } socket)
        {
            Finish(outcome.Cause);
        }
        else if (_settings.Send.Length == 0 && _settings.Expect.Length == 0)
        {
            // With a reset: the upstream need not keep the port of a check for a minute (TIME_WAIT), nor do we.
            socket.Close(0);
            Finish(null);
        }
        else
        {
            _answer = new HealthExchange(_loop, this, socket, _settings, Finish);
            _answer.Begin();
        }
    }

    private void OnDue()
    {
        if (_isChecking)
        {
            Finish("timed out");
            return;
        }

        _isChecking = true;
        _loop.Arm(_timer, _settings.Timeout);
        _connecting = new AddressSequence(_loop, this, _route, _member.Settings.EndPoints, _settings.Timeout, this);
        _connecting.TryNext();
    }

    private void Finish(string? failure)
    {
        Abandon();
        _loop.Arm(_timer, _settings.Interval);
        _checked(_member, failure);
    }

    private void Abandon()
    {
        _isChecking = false;
        _connecting?.Abandon();
        _answer?.Close();
    }
}
