#!/usr/bin/env bash
# Guess:     Socket.Dispose() closes a TCP connection in the usual way: what Send() has accepted
#            still goes out, then a FIN. Whether a ReceiveAsync() is pending makes no difference.
# Behaviour: on Linux, Dispose() with a receive pending resets the connection, and the kernel throws
#            away what it had not yet sent. The peer gets part of the answer and "connection reset".
#            This concerns every server that always keeps one receive pending (the common pattern),
#            sends its last answer and disposes. Send() reported all bytes as
#            sent, and nothing throws. To avoid it, end the receive first (cancel it), or call
#            Shutdown(Send) before Dispose().
# Seen with: .NET 10.0.12, Linux 6.18, 2026-11-28.
# Source:    dotnet/runtime issue 42686 has the reason: pending operations are unblocked by a
#            connect() to AF_UNSPEC, which resets.
set -euo pipefail
for tool in dotnet; do command -v "$tool" >/dev/null || { echo "$tool is missing" >&2; exit 2; }; done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
cat >"$folder/probe.csproj" <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <UseAppHost>false</UseAppHost>
  </PropertyGroup>
</Project>
XML
cat >"$folder/Program.cs" <<'CS'
using System.Net;
using System.Net.Sockets;

const int AnswerSize = 100_000;
const int Rounds = 10;

Console.WriteLine($".NET {Environment.Version}; the server sends {AnswerSize} bytes to a slow reader and disposes; {Rounds} rounds");
bool same = true;
same &= await Show("no receive pending", Ending.None, cutShort: false);
same &= await Show("ReceiveAsync pending", Ending.PendingReceive, cutShort: true);
same &= await Show("ReceiveAsync cancelled before Dispose", Ending.CancelledReceive, cutShort: false);
same &= await Show("ReceiveAsync pending, Shutdown(Send) before Dispose", Ending.PendingReceiveAndShutdown, cutShort: null);
Console.WriteLine(same ? "As described." : "This has CHANGED.");
return same ? 0 : 1;

async Task<bool> Show(string name, Ending ending, bool? cutShort)
{
    var results = new List<(int Received, string End)>();
    for (int round = 0; round < Rounds; round++)
        results.Add(await Observe(ending));
    foreach (var group in results.GroupBy(result => result))
        Console.WriteLine($"{name}: peer received {group.Key.Received} bytes, then {group.Key.End}  ({group.Count()} times)");
    return cutShort switch
    {
        true => results.All(result => result.Received < AnswerSize && result.End == nameof(SocketError.ConnectionReset)),
        false => results.All(result => result == (AnswerSize, "FIN")),
        null => true,
    };
}

async Task<(int, string)> Observe(Ending ending)
{
    using var listener = NewSocket();
    listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    listener.Listen();
    using var client = NewSocket();
    client.ReceiveBufferSize = 4096;
    client.ReceiveTimeout = 5000;
    client.Connect(listener.LocalEndPoint!);

    Socket server = listener.Accept();
    server.SendBufferSize = 3 * AnswerSize;
    using var cancellation = new CancellationTokenSource();
    Task receive = ending == Ending.None
        ? Task.CompletedTask
        : server.ReceiveAsync(new byte[16].AsMemory(), cancellation.Token).AsTask();
    if (server.Send(new byte[AnswerSize]) != AnswerSize)
        throw new InvalidOperationException("the send buffer is too small for this test");

    if (ending == Ending.CancelledReceive)
    {
        cancellation.Cancel();
        await receive.ContinueWith(_ => { });
    }
    if (ending == Ending.PendingReceiveAndShutdown)
        server.Shutdown(SocketShutdown.Send);
    server.Dispose();
    await receive.ContinueWith(_ => { });

    return ReadToEnd(client);
}

static (int, string) ReadToEnd(Socket client)
{
    var buffer = new byte[1000];
    int total = 0;
    try
    {
        while (client.Receive(buffer) is > 0 and var count)
            total += count;
        return (total, "FIN");
    }
    catch (SocketException exception)
    {
        return (total, exception.SocketErrorCode.ToString());
    }
}

static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

enum Ending { None, PendingReceive, CancelledReceive, PendingReceiveAndShutdown }
CS
timeout 400 dotnet build "$folder/probe.csproj" -v quiet -nodeReuse:false -p:UseSharedCompilation=false -o "$folder/out" >"$folder/build.log" 2>&1 \
  || { cat "$folder/build.log" >&2; exit 2; }
timeout 60 dotnet "$folder/out/probe.dll"
