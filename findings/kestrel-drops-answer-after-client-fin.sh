#!/usr/bin/env bash
# Guess:     an HTTP/1.1 client may send its request, shut down its sending side (FIN) and read the
#            answer; TCP allows it, and servers answer. "nc -N" and some proxies and devices do that.
# Behaviour: Kestrel takes the FIN as "the client has gone". The handler runs to its end, and the
#            answer is dropped: the client gets zero bytes and a clean end of stream. A handler that
#            takes 200 ms never gets its answer through; for an immediate one it is a race between
#            the answer and the FIN. Plain middleware and minimal API alike. Nothing is logged at
#            the templates' default levels. Python's http.server answers all of them.
# Seen with: ASP.NET Core 10.0.12, python3 standard library, Linux 6.18, 2026-11-28.
# Source:    dotnet/aspnetcore issues 13188 and 24462 (known to the maintainers, kept as it is).
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
int finished = 0;
var builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Logging.ClearProviders().AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace)
    .SetMinimumLevel(LogLevel.Information)
    .AddFilter("Microsoft.AspNetCore", LogLevel.Warning) // as in the project templates
    .AddFilter("Microsoft.Hosting", LogLevel.Warning); // "Application started" and the like
await using WebApplication app = builder.Build();
app.MapGet("/minimal/fast", () => "hello");
app.MapGet("/minimal/slow", async () =>
{
    await Task.Delay(200);
    Interlocked.Increment(ref finished);
    return "hello";
});
app.Map("/middleware/fast", branch => branch.Run(context => context.Response.WriteAsync("hello")));
app.Map("/middleware/slow", branch => branch.Run(async context =>
{
    await Task.Delay(200);
    await context.Response.WriteAsync("hello");
    Interlocked.Increment(ref finished);
}));
await app.StartAsync();
Console.WriteLine(new Uri(app.Urls.Single()).Port);
Console.ReadLine();
await app.StopAsync();
Console.WriteLine(finished);
CS
timeout 400 dotnet build "$folder/probe.csproj" -v quiet -nodeReuse:false -p:UseSharedCompilation=false -o "$folder/out" >"$folder/build.log" 2>&1 \
  || { cat "$folder/build.log" >&2; exit 2; }
timeout 180 python3 - "$folder" <<'PY'
import concurrent.futures, http.server, socket, subprocess, sys, threading, time

folder = sys.argv[1]
REQUESTS = 40


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path.endswith("slow"):
            time.sleep(0.2)
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_):
        pass


def ask(port, path, half_close):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n".encode())
        if half_close:
            client.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while part := client.recv(4096):
                answer += part
        except ConnectionResetError:
            pass
        return answer.startswith(b"HTTP/1.1 200")


def count(port, path, half_close):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return sum(pool.map(lambda _: ask(port, path, half_close), range(REQUESTS)))


kestrel = subprocess.Popen(["dotnet", f"{folder}/out/probe.dll"], stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
python = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=python.serve_forever, daemon=True).start()
same = True
try:
    ports = {"Kestrel": int(kestrel.stdout.readline()), "Python": python.server_port}
    for server, path in (("Kestrel", "/minimal/fast"), ("Kestrel", "/minimal/slow"), ("Kestrel", "/middleware/fast"),
                         ("Kestrel", "/middleware/slow"), ("Python", "/fast"), ("Python", "/slow")):
        kept, closed = (count(ports[server], path, half_close) for half_close in (False, True))
        print(f"{server} {path}: answered {kept} of {REQUESTS} without, {closed} of {REQUESTS} with a FIN behind the request")
        same &= kept == REQUESTS
        if server == "Python":
            same &= closed == REQUESTS
        elif path.endswith("slow"):
            same &= closed == 0
    finished, logged = kestrel.communicate("\n", timeout=20)
    print(f"Kestrel: the slow handlers ran to their end {finished.strip()} times (of {4 * REQUESTS} requests);"
          f" log lines written: {len(logged.splitlines())}")
    same &= int(finished) == 4 * REQUESTS and not logged
finally:
    kestrel.kill()
    python.shutdown()
print("As described." if same else "This has CHANGED.")
sys.exit(0 if same else 1)
PY
