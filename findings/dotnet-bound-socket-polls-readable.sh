#!/usr/bin/env bash
# Guess:     Socket.Poll(SelectRead) and Socket.Select tell of a bound socket that does not listen yet that
#            nothing is there to accept: false, and an empty list. If a loop asks Accept all the same, that is a SocketException
#            (EINVAL), as for any other failure of the system.
# Behaviour: on Linux both call it readable, at once and each time, because poll(2) reports POLLHUP for it and .NET counts that as
#            readable: a loop that waits for such a socket spins. Accept then throws InvalidOperationException, which code that
#            catches SocketException around Accept lets through.
# Seen with: .NET 10.0.12, Linux, 2026-11-29.
set -euo pipefail
command -v dotnet >/dev/null || { echo "dotnet is missing" >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
cat >"$folder/probe.csproj" <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <UseAppHost>false</UseAppHost>
  </PropertyGroup>
</Project>
XML
cat >"$folder/Program.cs" <<'CS'
using System.Net;
using System.Net.Sockets;

Socket Bound()
{
    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
    socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    return socket;
}

void Tell(string what, Socket socket)
{
    bool[] polls = [socket.Poll(0, SelectMode.SelectRead), socket.Poll(0, SelectMode.SelectRead)];
    var list = new List<Socket> { socket };
    Socket.Select(list, null, null, 0);
    string accept;
    try
    {
        socket.Accept();
        accept = "accepted";
    }
    catch (SocketException exception)
    {
        accept = $"SocketException {exception.SocketErrorCode}";
    }
    catch (Exception exception)
    {
        accept = exception.GetType().Name;
    }

    Console.WriteLine($"{what}: poll {string.Join('/', polls)}, select {list.Count}, accept {accept}");
}

using Socket bound = Bound();
Tell("bound, not listening", bound);
using Socket listening = Bound();
listening.Listen();
Tell("listening, nobody there", listening);
CS
dotnet build "$folder" -v q -nologo -o "$folder/out" >"$folder/build.log" || { cat "$folder/build.log"; exit 2; }
seen=$(dotnet "$folder/out/probe.dll")
echo ".NET $(dotnet --list-runtimes | grep NETCore.App | tail -1 | cut -d' ' -f2)"
echo "$seen"
expected='bound, not listening: poll True/True, select 1, accept InvalidOperationException
listening, nobody there: poll False/False, select 0, accept SocketException WouldBlock'
if [ "$seen" = "$expected" ]; then
  echo "As described."
else
  echo "This has CHANGED."
  exit 1
fi
