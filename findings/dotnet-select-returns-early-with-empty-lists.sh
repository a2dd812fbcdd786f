#!/usr/bin/env bash
# Guess:     Socket.Select() returns with all lists empty only when the timeout has passed, so a loop
#            may take empty lists as "nothing happened" and call again.
# Behaviour: on Linux, Select() with a socket in the error list alone returns at once, with all lists
#            empty, when both sides of the connection have sent their FIN, and does so again on each
#            call: the loop spins with one processor at 100 %. The kernel always reports POLLHUP,
#            wanted or not, and Select() wakes for it but has no list to put it in. A relay can be in
#            this state while back-pressure keeps it from reading the rest. Socket.Poll() with
#            SelectError does the same: false, without waiting. The select() of the C library
#            (here through Python) waits for the whole time.
# Seen with: .NET 10.0.12, python3 standard library, Linux 6.18, 2026-11-28.
# Source:    poll(2): POLLHUP is ignored in events and always possible in revents.
set -euo pipefail
for tool in dotnet python3; do command -v "$tool" >/dev/null || { echo "$tool is missing" >&2; exit 2; }; done
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
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

TimeSpan limit = TimeSpan.FromSeconds(1);
using var listener = NewSocket();
listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
listener.Listen();
using var client = NewSocket();
client.Connect(listener.LocalEndPoint!);
using Socket server = listener.Accept();

Console.WriteLine($".NET {Environment.Version}, a time limit of {limit.TotalMilliseconds} ms for each call");
bool same = true;
same &= Show("open connection", waits: true);
client.Shutdown(SocketShutdown.Send);
same &= Show("FIN received", waits: true);
server.Shutdown(SocketShutdown.Send);
Thread.Sleep(200);
same &= Show("FIN received and sent", waits: false);
same &= Show("FIN received and sent, again", waits: false);
return same ? 0 : 1;

bool Show(string state, bool waits)
{
    var errors = new List<Socket> { server };
    TimeSpan select = Measure(() => Socket.Select(null, null, errors, limit));
    bool result = false;
    TimeSpan poll = Measure(() => result = server.Poll(limit, SelectMode.SelectError));
    Console.WriteLine($".NET, {state}: Select() took {select.TotalMilliseconds:0} ms, sockets in the error list: {errors.Count}; Poll(SelectError) took {poll.TotalMilliseconds:0} ms: {result}");
    return errors.Count == 0 && !result && (select > limit / 2) == waits && (poll > limit / 2) == waits;
}

static TimeSpan Measure(Action action)
{
    long start = Stopwatch.GetTimestamp();
    action();
    return Stopwatch.GetElapsedTime(start);
}

static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
CS
timeout 400 dotnet build "$folder/probe.csproj" -v quiet -nodeReuse:false -p:UseSharedCompilation=false -o "$folder/out" >"$folder/build.log" 2>&1 \
  || { cat "$folder/build.log" >&2; exit 2; }
same=yes
timeout 60 dotnet "$folder/out/probe.dll" || same=no
timeout 60 python3 - <<'PY' || same=no
import select, socket, sys, time

with socket.create_server(("127.0.0.1", 0)) as listener:
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()
client.shutdown(socket.SHUT_WR)
server.shutdown(socket.SHUT_WR)
time.sleep(0.2)
start = time.monotonic()
_, _, errors = select.select([], [], [server], 1)
waited = time.monotonic() - start
print(f"Python, FIN received and sent: select() took {waited * 1000:.0f} ms, sockets in the error list: {len(errors)}")
sys.exit(0 if waited > 0.5 and not errors else 1)
PY
if [ "$same" = yes ]; then echo "As described."; else echo "This has CHANGED."; exit 1; fi
