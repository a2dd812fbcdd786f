using System.Net;
using System.Net.Sockets;
using CustomBalancing;
using ProxyCore;

using var first = new NamedUpstream("first");
using var second = new NamedUpstream("second");
using var third = new NamedUpstream("third");
var options = new TcpProxyOptions
{
    BalancingPolicies = { ["FillFirst"] = static () => new FillFirst(enough: 3) },
    Routes =
    {
        new RouteOptions
        {
            Listen = { "localhost:0" },
            Upstreams = { new() { Address = first.Address }, new() { Address = second.Address }, new() { Address = third.Address } },
            Balancing = "FillFirst",
        },
    },
};
await using var proxy = new TcpProxy(options);
await proxy.StartAsync();

var clients = new List<TcpClient>();
for (int number = 1; number <= 8; number++)
{
    var client = new TcpClient();
    clients.Add(client);
    await client.ConnectAsync((IPEndPoint)proxy.Endpoints[0]);
    string? name = await new StreamReader(client.GetStream()).ReadLineAsync();
    Console.WriteLine($"client {number} is with the {name} upstream");
}

clients.ForEach(static client => client.Dispose());
