using System.Net;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Harness;

/// <summary>Many relayed connections at once.</summary>
internal sealed class Crowd : IDisposable
{
    // Clients that connect at the same time: fewer than any listen backlog has room for.
    private const int AtOnce = 100;

    private readonly List<Peer> _clients = [];
    private readonly List<Peer> _servers = [];
    private int _next;

    private Crowd()
    {
    }

    /// <summary>Connects <paramref name="count"/> clients to an echo; all are relayed when it returns.</summary>
    internal static async Task<Crowd> OfEchoes(EndPoint endpoint, int count)
    {
        var crowd = new Crowd();
        while (crowd._clients.Count < count)
        {
            int some = Math.Min(AtOnce, count - crowd._clients.Count);
            Peer[] clients = await Task.WhenAll(Enumerable.Range(0, some).Select(_ => Peer.Connect(endpoint)));
            crowd._clients.AddRange(clients);
            await Task.WhenAll(clients.Select(static client => client.Echoes("hello")));
        }

        return crowd;
    }

    /// <summary>Connects <paramref name="count"/> clients to an upstream whose side the crowd plays itself.</summary>
    internal static async Task<Crowd> Of(RunningProxy proxy, TestUpstream upstream, int count)
    {
        var crowd = new Crowd();
        for (int connection = 0; connection < count; connection++)
        {
            crowd._clients.Add(await proxy.Connect());
            crowd._servers.Add(await upstream.Accept());
        }

        return crowd;
    }

    /// <summary>All send at once, and all get it back.</summary>
    internal Task Echoes(string text) => Task.WhenAll(_clients.Select(client => client.Echoes(text)));

    /// <summary>Sends a byte on so many connections, one after the other: each makes the loop turn.</summary>
    internal async Task Stir(int times)
    {
        for (int time = 0; time < times; time++)
        {
            int connection = _next++ % _clients.Count;
            await _clients[connection].Send("x");
            await _servers[connection].Receive(1);
        }
    }

    /// <summary>Ends each connection: by FIN, by reset, or by closing.</summary>
    internal void EndInEveryWay()
    {
        for (int client = 0; client < _clients.Count; client++)
        {
            switch (client % 3)
            {
                case 0:
                    _clients[client].Fin();
                    break;
                case 1:
                    _clients[client].Reset();
                    break;
                default:
                    _clients[client].Dispose();
                    break;
            }
        }
    }

    internal Task ReceiveResets() => Task.WhenAll(_clients.Select(static client => client.ReceivesReset()));

    public void Dispose()
    {
        _clients.ForEach(static client => client.Dispose());
        _servers.ForEach(static server => server.Dispose());
    }
}
