using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ProxyCore.Bench.Chaos.Reckoning;

namespace ProxyCore.Bench.Chaos.Stage;

/// <summary>A server behind the proxy that can be stopped, killed and started again. Thread-safe but for these three.</summary>
/// <remarks>
/// It has a loopback address of its own: the proxy connects from 127.0.0.1, so that no connection of the proxy ever takes
/// the port while the server is away.
/// </remarks>
internal sealed class ChaosServer : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly Ledger _ledger;
    private readonly Tally _tally;
    private readonly RouteScenario _route;
    private readonly ConcurrentDictionary<Visit, bool> _visits = new();
    private Socket? _listener;

    internal ChaosServer(int index, RouteScenario route, Ledger ledger, Tally tally)
    {
        _ledger = ledger;
        _tally = tally;
        _route = route;
        EndPoint = new IPEndPoint(new IPAddress([127, 0, 0, (byte)(10 + index)]), 0);
        Start();
    }

    internal IPEndPoint EndPoint { get; private set; }

    /// <summary>How many connections it has.</summary>
    internal int Connections => _visits.Count;

    /// <summary>Listens, at the same address each time.</summary>
    internal void Start()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(EndPoint);
        listener.Listen(1024);
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        _listener = listener;
        _ = AcceptAsync(listener);
    }

    /// <summary>Closes the listening socket; connections live on.</summary>
    internal void Stop() => _listener?.Dispose();

    /// <summary>Closes the listening socket and resets all connections, as the death of a process may.</summary>
    internal void Kill()
    {
        Stop();
        foreach (Visit visit in _visits.Keys)
        {
            visit.Kill();
        }
    }

    public void Dispose() => Kill();

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(_patience);
        using var visit = new Visit(socket, _route, _ledger, _tally);
        _visits.TryAdd(visit, true);
        try
        {
            await visit.ServeAsync(patience.Token);
        }
        finally
        {
            _visits.TryRemove(visit, out _);
        }
    }
}
