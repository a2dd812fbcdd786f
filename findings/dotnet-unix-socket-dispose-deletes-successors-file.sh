#!/usr/bin/env bash
# Guess:     a process that stops takes away only its own listener. When a new release has replaced
#            the Unix socket file (unlink and bind, or rename over it), stopping the old release
#            does not touch the new file.
# Behaviour: Socket.Dispose() deletes the path that the socket was bound to, and does not check that
#            the file there is still its own. It deletes the file of the new release, which goes on
#            listening and logs nothing, but no client can reach it: connect() gives ENOENT. Kestrel with a unix: address does the same when its
#            host stops. Python's socket.close() leaves the file alone.
# Seen with: .NET and ASP.NET Core 10.0.12, Linux 6.18, 2026-11-28.
# Source:    dotnet/runtime pull request 52103 (why the file is deleted).
set -euo pipefail
for tool in dotnet python3; do command -v "$tool" >/dev/null || { echo "$tool is missing" >&2; exit 2; }; done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
cat >"$folder/probe.csproj" <<'XML'
<Project Sdk="Microsoft.NET.Sdk.Web">
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
using System.Net.Sockets;

// Usage: probe socket|kestrel PATH. Listens at PATH, prints "ready", stops when a line arrives.
string path = args[1];
if (args[0] == "socket")
{
    using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    listener.Bind(new UnixDomainSocketEndPoint(path));
    listener.Listen();
    WaitForLine();
}
else
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.ConfigureKestrel(options => options.ListenUnixSocket(path));
    await using WebApplication app = builder.Build();
    await app.StartAsync();
    WaitForLine();
    await app.StopAsync();
}

static void WaitForLine()
{
    Console.WriteLine("ready");
    Console.ReadLine();
}
CS
cat >"$folder/probe.py" <<'PY'
import socket, sys

listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
print("ready", flush=True)
sys.stdin.readline()
listener.close()
PY
timeout 400 dotnet build "$folder/probe.csproj" -v quiet -nodeReuse:false -p:UseSharedCompilation=false -o "$folder/out" >"$folder/build.log" 2>&1 \
  || { cat "$folder/build.log" >&2; exit 2; }
timeout 120 python3 - "$folder" <<'PY'
import os, socket, subprocess, sys

folder = sys.argv[1]


def start(command, path):
    process = subprocess.Popen([*command, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if process.stdout.readline() != "ready\n":
        process.kill()
        sys.exit("the program did not start")
    return process


def stop(process):
    try:
        process.communicate("\n", timeout=20)
    finally:
        process.kill()


def connect(path):
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(path)
            return "connected"
        except OSError as error:
            return error.strerror


def replace(command, how, path):
    old = start(command, path)
    if how == "unlink and bind":
        os.unlink(path)
        new = start(command, path)
    else:
        new = start(command, path + ".new")
        os.rename(path + ".new", path)
    before = connect(path)
    stop(old)
    after, alive = connect(path), new.poll() is None
    stop(new)
    return before, after, alive


dotnet = ["dotnet", f"{folder}/out/probe.dll"]
same = True
for name, command, expected in (
    (".NET Socket", [*dotnet, "socket"], "No such file or directory"),
    ("Kestrel", [*dotnet, "kestrel"], "No such file or directory"),
    ("Python socket", [sys.executable, f"{folder}/probe.py"], "connected"),
):
    for number, how in enumerate(("unlink and bind", "rename over it")):
        path = f"{folder}/{name.replace(' ', '')}{number}.sock"
        before, after, alive = replace(command, how, path)
        print(f"{name}, {how}: while both run: {before}; after the old one has stopped: {after}"
              f" (the new one {'runs' if alive else 'has ended'})")
        same &= (before, after, alive) == ("connected", expected, True)
print("As described." if same else "This has CHANGED.")
sys.exit(0 if same else 1)
PY
