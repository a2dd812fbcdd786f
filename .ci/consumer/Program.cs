// What a user of the package would write first: an echo, a proxy before it, and bytes through both.
using System.Net;
using System.Net.Sockets;
using ProxyCore;

using var echo = new TcpListener(IPAddress.Loopback, 0);
echo.Start();
_ = Task.Run(async () =>
{
    using TcpClient accepted = await echo.AcceptTcpClientAsync();
    await accepted.GetStream().CopyToAsync(accepted.GetStream());
});

await using TcpProxy proxy = await TcpProxy.StartNewAsync("127.0.0.1:0", echo.LocalEndpoint.ToString()!);
var sent = new byte[10_000_000];
Random.Shared.NextBytes(sent);
using var client = new TcpClient();
await client.ConnectAsync((IPEndPoint)proxy.Endpoints[0]);
Task sending = client.GetStream().WriteAsync(sent).AsTask();
var received = new byte[sent.Length];
await client.GetStream().ReadExactlyAsync(received).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
await sending;

Console.WriteLine(received.AsSpan().SequenceEqual(sent) ? $"relayed {sent.Length} bytes" : "the bytes differ");
