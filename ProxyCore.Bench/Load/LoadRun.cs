using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HdrHistogram;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyCore.Loop;

namespace ProxyCore.Bench.Load;

/// <summary>The load generator: one thread on the library's own loop.</summary>
internal sealed class LoadRun : ILoopMember
{
    private const long LongestNanoseconds = 60_000_000_000;
    private const int BulkBuffer = 1024 * 1024;

    private readonly LoadPlan _plan;
    private readonly Action _measuring;
    private readonly LongHistogram _latencies = new(LongestNanoseconds, 3);
    private readonly CallbackTimer _stage;
    private Exception? _failure;
    private bool _isMeasuring;
    private long _requests;
    private long _bytes;
    private long _start;
    private double _seconds;

    /// <param name="plan">What to do.</param>
    /// <param name="measuring">Called when it is warm and begins to measure.</param>
    internal LoadRun(LoadPlan plan, Action measuring)
    {
        _plan = plan;
        _measuring = measuring;
        Loop = new SelectLoop(TimeProvider.System, NullLogger.Instance, new ParkingPolicy());
        Target = new IPEndPoint(IPAddress.Loopback, plan.Port);
        _stage = new CallbackTimer(this, BeginMeasuring);
        Exchange = Exchange.Learn(Target, Requests.Of(plan.Kind));
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
            ? new LoadResult(_requests, _bytes, _seconds, Percentile(50), Percentile(99), Percentile(99.9))
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
        if (_isMeasuring)
        {
            _requests++;
            long nanoseconds = (long)Stopwatch.GetElapsedTime(sent).TotalNanoseconds;
            _latencies.RecordValue(Math.Clamp(nanoseconds, 1, LongestNanoseconds));
        }
    }

    internal void CountBytes(int bytes)
    {
        if (_isMeasuring)
        {
            _bytes += bytes;
        }
    }

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
        _isMeasuring = true;
        _start = Stopwatch.GetTimestamp();
        var end = new CallbackTimer(this, EndMeasuring);
        Loop.Arm(end, TimeSpan.FromSeconds(_plan.Seconds));
    }

    private void EndMeasuring()
    {
        _isMeasuring = false;
        _seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        Loop.Stop();
    }

    private double Percentile(double percentile) =>
        _latencies.TotalCount == 0 ? 0 : _latencies.GetValueAtPercentile(percentile) / 1000.0;
}
