using System.Diagnostics;
using ProxyCore.Loop;
using ProxyCore.Relay;

namespace ProxyCore.Bench.Load;

/// <summary>A connection that is kept open: one request at a time.</summary>
internal sealed class RequestConnection : Watched
{
    private readonly LoadRun _run;
    private readonly Action<RequestConnection>? _answered;
    private long _sent;
    private int _received;
    private bool _isDrained;

    /// <param name="run">Whose it is.</param>
    /// <param name="answered">Called after each answer; null leaves it idle.</param>
    internal RequestConnection(LoadRun run, Action<RequestConnection>? answered = null)
        : base(LoadRun.Connect(run.Target), run)
    {
        _run = run;
        _answered = answered;
        run.Loop.Attach(this, Interest.Read);
    }

    /// <summary>Whether an answer is outstanding.</summary>
    internal bool IsWaiting { get; private set; }

    internal override bool? IsDrained => _isDrained;

    /// <summary>Sends a request whose time counts from now.</summary>
    internal void Send() => Send(Stopwatch.GetTimestamp());

    /// <summary>Sends a request whose time counts from <paramref name="since"/>.</summary>
    internal void Send(long since)
    {
        _sent = since;
        IsWaiting = true;
        TransferResult result = SocketTransfer.Send(Socket, _run.Exchange.Request, out int count);
        if (result != TransferResult.Success || count < _run.Exchange.Request.Length)
        {
            throw new InvalidOperationException($"a request could not be sent: {result}");
        }
    }

    internal override void OnReady(Interest ready)
    {
        TransferResult result = SocketTransfer.Receive(Socket, _run.Buffer, out int count);
        _isDrained = count < _run.Buffer.Length && result != TransferResult.TryAgain;
        if (result is TransferResult.WouldBlock or TransferResult.TryAgain)
        {
            return;
        }

        if (result != TransferResult.Success || count == 0)
        {
            throw new InvalidOperationException($"a connection ended: {result}");
        }

        _run.CountBytes(count);
        _received += count;
        if (_received > _run.Exchange.Length
            || (count == _run.Exchange.Length && !_run.Exchange.IsRight(_run.Buffer.AsSpan(0, count))))
        {
            throw new InvalidOperationException("an answer is wrong");
        }

        if (_received == _run.Exchange.Length)
        {
            _received = 0;
            IsWaiting = false;
            _run.CountAnswer(_sent);
            _answered?.Invoke(this);
        }
    }
}
