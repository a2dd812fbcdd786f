#!/usr/bin/env bash
# Guess:     SocketOptionName.ReuseAddress is SO_REUSEADDR: it lets a server bind again while old
#            connections are in TIME_WAIT, and a second listener on the port still gets EADDRINUSE.
# Behaviour: on Linux .NET sets SO_REUSEPORT as well. Two servers started with the option listen on
#            one port without an error, and the kernel shares new connections out between them: an
#            old release that was not stopped silently keeps answering part of the clients. The
#            option is not even needed for a restart, because .NET sets SO_REUSEADDR in Bind() by
#            itself. In Python, SO_REUSEADDR alone refuses the second listener.
# Seen with: .NET 10.0.12, python3 standard library, Linux 6.18, 2026-11-28.
# Source:    dotnet/corefx pull request 11509 (the reason: parity with Windows);
#            microsoft/garnet issue 2119 (a server that was hit by it).
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
using System.Net;
using System.Net.Sockets;

const int Clients = 200;

Console.WriteLine($".NET {Environment.Version}");
ShowOptions("option not set", reuseAddress: false);
ShowOptions("ReuseAddress set", reuseAddress: true);
bool refused = false;
using (Socket first = Listen(0, reuseAddress: false))
{
    try
    {
        Listen(PortOf(first), reuseAddress: false).Dispose();
        Console.WriteLine(".NET, option not set: the second listener was accepted");
    }
    catch (SocketException exception)
    {
        refused = exception.SocketErrorCode == SocketError.AddressAlreadyInUse;
        Console.WriteLine($".NET, option not set: the second listener got {exception.SocketErrorCode}");
    }
}

using Socket old = Listen(0, reuseAddress: true);
using Socket current = Listen(PortOf(old), reuseAddress: true);
var clients = new List<Socket>();
for (int number = 0; number < Clients; number++)
{
    var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    client.Connect(old.LocalEndPoint!);
    clients.Add(client);
}
int forOld = Drain(old);
int forCurrent = Drain(current);
clients.ForEach(client => client.Dispose());
Console.WriteLine($".NET, ReuseAddress set: two listeners on one port; of {Clients} connections the first got {forOld}, the second {forCurrent}");
return refused && forOld > 0 && forCurrent > 0 && forOld + forCurrent == Clients ? 0 : 1;

static Socket Listen(int port, bool reuseAddress)
{
    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    try
    {
        if (reuseAddress)
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen(Clients);
        return socket;
    }
    catch
    {
        socket.Dispose();
        throw;
    }
}

static void ShowOptions(string name, bool reuseAddress)
{
    using Socket socket = Listen(0, reuseAddress);
    Console.WriteLine($".NET, {name}: after Bind() the kernel has SO_REUSEADDR={Raw(socket, 2)}, SO_REUSEPORT={Raw(socket, 15)}");
}

static int Raw(Socket socket, int option)
{
    const int SolSocket = 1;
    Span<byte> value = stackalloc byte[sizeof(int)];
    socket.GetRawSocketOption(SolSocket, option, value);
    return BitConverter.ToInt32(value);
}

static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

static int Drain(Socket listener)
{
    int count = 0;
    for (; listener.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead); count++)
        listener.Accept().Dispose();
    return count;
}
CS
timeout 400 dotnet build "$folder/probe.csproj" -v quiet -nodeReuse:false -p:UseSharedCompilation=false -o "$folder/out" >"$folder/build.log" 2>&1 \
  || { cat "$folder/build.log" >&2; exit 2; }
same=yes
timeout 60 dotnet "$folder/out/probe.dll" || same=no
timeout 60 python3 - <<'PY' || same=no
import socket, sys


def listen(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


first = listen(0)
try:
    listen(first.getsockname()[1])
except OSError as error:
    sys.exit(print(f"Python, SO_REUSEADDR set: the second listener got: {error.strerror}"))
sys.exit("Python, SO_REUSEADDR set: the second listener was accepted")
PY
if [ "$same" = yes ]; then echo "As described."; else echo "This has CHANGED."; exit 1; fi
