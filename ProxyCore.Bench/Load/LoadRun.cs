using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyCore.Bench.Load.Tls;
using ProxyCore.Loop;

namespace ProxyCore.Bench.Load;

/// <summary>The load generator: one thread on the library's own loop.</summary>
internal sealed class LoadRun : ILoopMember
{
    private const int BulkBuffer = 1024 * 1024;

    private readonly LoadPlan _plan;
    private readonly Action _measuring;
    private readonly LoadCounts _counts = new();
    private readonly CallbackTimer _stage;
    private Exception? _failure;
    private HandshakeStorm? _storm;
    private int _answered;

    /// <param name="plan">What to do.</param>
    /// <param name="measuring">Called when it is warm and begins to measure.</param>
    internal LoadRun(LoadPlan plan, Action measuring)
    {
        _plan = plan;
        _measuring = measuring;
        Loop = new SelectLoop(TimeProvider.System, NullLogger.Instance, new ParkingPolicy());
        Target = new IPEndPoint(IPAddress.Loopback, plan.Port);
        _stage = new CallbackTimer(this, BeginMeasuring);
        using Socket socket = Connect(Target);
        using var stream = new NetworkStream(socket);
        Exchange = Exchange.Learn(stream, Requests.Of(plan.Kind));
    }

    internal SelectLoop Loop { get; }

    internal IPEndPoint Target { get; }

    internal Exchange Exchange { get; }

    /// <summary>What all connections read into.</summary>
    internal byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(BulkBuffer, pinned: true);

    /// <summary>Runs to its end.</summary>
    /// <exception cref="InvalidOperationException">A connection failed, or an answer was wrong.</exception>
    internal LoadResult Run()
    {
        for (int connection = 0; connection < _plan.Idle; connection++)
        {
            new RequestConnection(this).Send();
        }

        StartBusy();
        Loop.Arm(_stage, TimeSpan.FromSeconds(_plan.WarmUp));
        Loop.Run();
        Loop.Dispose();
        return _failure is null
            ? _counts.Result(_storm?.Negotiated)
            : throw new InvalidOperationException(_failure.Message, _failure);
    }

    internal static Socket Connect(EndPoint target)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(target);
        return socket;
    }

    /// <summary>Counts an answer that took from <paramref name="sent"/> until now.</summary>
    internal void CountAnswer(long sent)
    {
        _counts.CountAnswer(sent);
        if (++_answered == _plan.Count)
        {
            EndMeasuring();
        }
    }

    internal void CountBytes(int bytes) => _counts.CountBytes(bytes);

    public void Fault(Exception exception)
    {
        _failure ??= exception;
        Loop.Stop();
    }

    private void StartBusy()
    {
        switch (_plan.Kind)
        {
            case LoadKind.Requests:
                for (int connection = 0; connection < _plan.Busy; connection++)
                {
                    new RequestConnection(this, static connection => connection.Send()).Send();
                }

                break;
            case LoadKind.Schedule:
                new Schedule(this, _plan.Busy, _plan.Rate).Start();
                break;
            case LoadKind.TlsBesidePlain:
                new Schedule(this, _plan.Busy, _plan.Rate).Start();
                StartStorm();
                break;
            case LoadKind.Bulk:
                for (int connection = 0; connection < _plan.Busy; connection++)
                {
                    new BulkConnection(this).Start();
                }

                break;
            case LoadKind.Connect or LoadKind.ConnectProxy or LoadKind.ConnectName:
                for (int connection = 0; connection < _plan.Busy; connection++)
                {
                    ShortConnection.Start(this);
                }

                break;
        }
    }

    private void BeginMeasuring()
    {
        _measuring();
        _counts.Begin();
        var end = new CallbackTimer(this, EndMeasuring);
        Loop.Arm(end, TimeSpan.FromSeconds(_plan.Seconds));
    }

    private void EndMeasuring()
    {
        _counts.End();
        Loop.Stop();
    }

    private void StartStorm()
    {
        _storm = new HandshakeStorm(
            new IPEndPoint(IPAddress.Loopback, _plan.HandshakePort),
            _plan.HandshakeRate,
            () => Loop.Post(this, _counts.CountHandshake),
            exception => Loop.Post(this, () => Fault(exception)));
        _storm.Start();
    }
}
