#!/usr/bin/env bash
# Guess:     one call of HttpClient.SendAsync() sends a POST once. HttpClient has no retry policy of
#            its own, and a POST is not idempotent.
# Behaviour: when the POST has no body and goes out on a pooled connection, and the server closes
#            that connection in good order after it has read the request but before it has answered
#            (a worker that stops, a new release), HttpClient sends the POST again on a new
#            connection. The caller sees one 200; the server has done the work twice. A POST with
#            a body fails instead and is sent once. POST /orders/7/cancel and the like have no body.
# Seen with: .NET 10.0.12, 2026-11-28.
# Source:    dotnet/runtime issue 86714 (open); RFC 9110, section 9.2.2 on automatic retries.
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
using System.Text;

Console.WriteLine($".NET {Environment.Version}; the server reads the second request of a connection and closes without an answer");
bool same = true;
same &= await Show("POST without body (content is null)", HttpMethod.Post, null, arrivals: 2);
same &= await Show("PATCH without body", HttpMethod.Patch, null, arrivals: 2);
same &= await Show("POST with a body of 5 bytes", HttpMethod.Post, "hello", arrivals: 1);
Console.WriteLine(same ? "As described." : "This has CHANGED.");
return same ? 0 : 1;

async Task<bool> Show(string name, HttpMethod method, string? body, int arrivals)
{
    await using var server = new ClosingServer();
    using var client = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(10) };
    await client.GetStringAsync("/first");
    using var request = new HttpRequestMessage(method, "/pay");
    if (body is not null)
        request.Content = new StringContent(body);

    string outcome;
    try
    {
        using HttpResponseMessage response = await client.SendAsync(request);
        outcome = $"status {(int)response.StatusCode}";
    }
    catch (HttpRequestException exception)
    {
        outcome = $"HttpRequestException ({exception.HttpRequestError})";
    }
    Console.WriteLine($"{name}: one SendAsync() gave {outcome}; the server received /pay {server.Arrivals} time(s)");
    return server.Arrivals == arrivals;
}

/// <summary>Answers every request except the second one of its first connection, after which it closes.</summary>
sealed class ClosingServer : IAsyncDisposable
{
    static readonly byte[] Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly Task accepting;
    int arrivals;

    public ClosingServer()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{listener.LocalEndpoint}");

    public int Arrivals => Volatile.Read(ref arrivals);

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await accepting.ContinueWith(_ => { });
    }

    async Task AcceptAsync()
    {
        for (int number = 1; ; number++)
            _ = ServeAsync(await listener.AcceptSocketAsync(), isFirst: number == 1);
    }

    async Task ServeAsync(Socket socket, bool isFirst)
    {
        using (socket)
        {
            for (int number = 1; await ReadRequestAsync(socket) is { } request; number++)
            {
                if (request.Contains(" /pay "))
                    Interlocked.Increment(ref arrivals);
                if (isFirst && number == 2)
                {
                    socket.Shutdown(SocketShutdown.Both);
                    return;
                }
                await socket.SendAsync(Ok);
            }
        }
    }

    static async Task<string?> ReadRequestAsync(Socket socket)
    {
        var buffer = new byte[8192];
        for (int length = 0; length < buffer.Length;)
        {
            int count = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (count == 0)
                return null;
            length += count;
            string text = Encoding.ASCII.GetString(buffer, 0, length);
            int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            int body = text.Contains("Content-Length: 5", StringComparison.Ordinal) ? 5 : 0;
            if (head >= 0 && length >= head + 4 + body)
                return text;
        }
        return null;
    }
}
CS
timeout 400 dotnet build "$folder/probe.csproj" -v quiet -nodeReuse:false -p:UseSharedCompilation=false -o "$folder/out" >"$folder/build.log" 2>&1 \
  || { cat "$folder/build.log" >&2; exit 2; }
timeout 60 dotnet "$folder/out/probe.dll"
