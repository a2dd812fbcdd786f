using System.Diagnostics;
using ProxyCore.Loop;

namespace ProxyCore.Bench.Load;

/// <summary>Requests at a fixed rate, in turn over all connections.</summary>
/// <remarks>
/// A request that is due while its connection still waits for an answer is sent when that has come, but its time counts
/// from when it was due: a proxy that is late does not get fewer requests to be late with.
/// </remarks>
internal sealed class Schedule
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(1);

    private readonly LoadRun _run;
    private readonly double _ticksPerRequest;
    private readonly RequestConnection[] _connections;
    private readonly Queue<long>[] _late;
    private readonly Dictionary<RequestConnection, int> _places = [];
    private readonly CallbackTimer _timer;
    private long _start;
    private long _sent;

    internal Schedule(LoadRun run, int connections, int rate)
    {
        _run = run;
        _ticksPerRequest = (double)Stopwatch.Frequency / rate;
        _connections = new RequestConnection[connections];
        _late = new Queue<long>[connections];
        _timer = new CallbackTimer(run, OnTick);
    }

    internal void Start()
    {
        for (int place = 0; place < _connections.Length; place++)
        {
            _connections[place] = new RequestConnection(_run, OnAnswered);
            _late[place] = new Queue<long>();
            _places.Add(_connections[place], place);
        }

        _start = Stopwatch.GetTimestamp();
        _run.Loop.Arm(_timer, _tick);
    }

    private void OnTick()
    {
        long now = Stopwatch.GetTimestamp();
        long due = (long)((now - _start) / _ticksPerRequest);
        for (; _sent < due; _sent++)
        {
            int place = (int)(_sent % _connections.Length);
            if (_connections[place].IsWaiting)
            {
                _late[place].Enqueue(now);
            }
            else
            {
                _connections[place].Send(now);
            }
        }

        _run.Loop.Arm(_timer, _tick);
    }

    private void OnAnswered(RequestConnection connection)
    {
        if (_late[_places[connection]].TryDequeue(out long since))
        {
            connection.Send(since);
        }
    }
}
