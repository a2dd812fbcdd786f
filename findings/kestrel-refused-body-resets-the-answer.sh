#!/usr/bin/env bash
# Guess:     a server that answers 401 without reading the body of the request sends that answer and closes with a FIN, or reads
#            on for a while, as Kestrel does by default: the client gets the answer either way. A smaller limit for bodies only
#            changes what a handler may read.
# Behaviour: with KestrelServerLimits.MaxRequestBodySize = 0 a handler that answers 401 at once, and never reads, has its
#            connection ended with bytes unread, so that the kernel resets it. A client that is still sending loses the answer:
#            it sees a reset (or a broken pipe) and no status. With the default limit the same handler's answer arrives each time.
# Seen with: .NET 10.0.12 (Kestrel), Linux, 2026-11-29.
set -euo pipefail
for tool in dotnet python3; do command -v "$tool" >/dev/null || { echo "$tool is missing" >&2; exit 2; }; done
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
cat >"$folder/probe.csproj" <<'XML'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <UseAppHost>false</UseAppHost>
  </PropertyGroup>
</Project>
XML
cat >"$folder/Program.cs" <<'CS'
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(options =>
{
    options.ListenLocalhost(0);
    if (args is ["0"])
    {
        options.Limits.MaxRequestBodySize = 0;
    }
});
var app = builder.Build();
app.Run(context =>
{
    context.Response.StatusCode = 401;
    return Task.CompletedTask;
});
await app.StartAsync();
Console.WriteLine(new Uri(app.Urls.First()).Port);
await app.WaitForShutdownAsync();
CS
sed -i 's/options.ListenLocalhost(0)/options.Listen(System.Net.IPAddress.Loopback, 0)/' "$folder/Program.cs"
cat >"$folder/client.py" <<'PY'
import socket, sys, time
answers = 0
for _ in range(20):
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10) as client:
        body = 200_000
        try:
            client.sendall(f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {body}\r\n\r\n".encode())
            for _ in range(body // 10_000):
                client.sendall(b"x" * 10_000)
                time.sleep(0.002)
            answers += client.recv(4096).startswith(b"HTTP/1.1 401")
        except OSError:
            pass
print(answers)
PY
dotnet build "$folder" -v q -nologo -o "$folder/out" >"$folder/build.log" || { cat "$folder/build.log"; exit 2; }
answers() {
  : >"$folder/port"
  dotnet "$folder/out/probe.dll" "$@" >"$folder/port" &
  server=$!
  for _ in $(seq 100); do [ -s "$folder/port" ] && break; sleep 0.1; done
  python3 "$folder/client.py" "$(cat "$folder/port")"
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
}
default=$(answers default)
none=$(answers 0)
echo "$(dotnet --list-runtimes | grep AspNetCore | tail -1 | cut -d' ' -f1,2)"
echo "answers of 20 with the default limit:         $default"
echo "answers of 20 with MaxRequestBodySize = 0:    $none"
if [ "$default" -ge 19 ] && [ "$none" -le 5 ]; then
  echo "As described."
else
  echo "This has CHANGED."
  exit 1
fi
