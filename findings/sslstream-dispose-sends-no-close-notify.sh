#!/usr/bin/env bash
# Guess:     SslStream.Dispose(), and Kestrel at the end of a "Connection: close" answer, end TLS as
#            the standard asks: a close_notify alert, then the FIN.
# Behaviour: neither sends close_notify. Only SslStream.ShutdownAsync() does, and nothing calls it for
#            you. Since OpenSSL 3 a missing close_notify is an error, so a strict client that reads
#            a complete answer to its end gets "unexpected EOF" and may report it as cut short.
#            With OpenSSL 1.1 the same client saw a normal end of stream.
# Seen with: .NET and ASP.NET Core 10.0.12, Python 3.11 with OpenSSL 3.0.19, 2026-11-28.
# Source:    RFC 8446, section 6.1; dotnet/runtime issue 44660 (the same for HttpClient);
#            npgsql/npgsql pull request 5995 (a library that had to add the call).
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
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

using X509Certificate2 certificate = NewCertificate();
await File.WriteAllTextAsync(args[0], certificate.ExportCertificatePem());

Console.WriteLine(Start(callShutdown: false));
Console.WriteLine(Start(callShutdown: true));
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
    options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
await using WebApplication app = builder.Build();
app.Run(context => context.Response.WriteAsync("hello"));
await app.StartAsync();
Console.WriteLine(new Uri(app.Urls.Single()).Port);
Console.ReadLine();
await app.StopAsync();

int Start(bool callShutdown)
{
    var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    _ = AnswerOneAsync(listener, callShutdown);
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}

async Task AnswerOneAsync(TcpListener listener, bool callShutdown)
{
    using TcpClient client = await listener.AcceptTcpClientAsync();
    using var tls = new SslStream(client.GetStream());
    await tls.AuthenticateAsServerAsync(certificate);
    using var reader = new StreamReader(tls, leaveOpen: true);
    while (await reader.ReadLineAsync() is { Length: > 0 }) { }
    await tls.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"u8.ToArray());
    if (callShutdown)
        await tls.ShutdownAsync();
}

static X509Certificate2 NewCertificate()
{
    using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    var request = new CertificateRequest("CN=finding", key, HashAlgorithmName.SHA256);
    var names = new SubjectAlternativeNameBuilder();
    names.AddIpAddress(IPAddress.Loopback);
    request.CertificateExtensions.Add(names.Build());
    request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
    return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
}
CS
timeout 400 dotnet build "$folder/probe.csproj" -v quiet -nodeReuse:false -p:UseSharedCompilation=false -o "$folder/out" >"$folder/build.log" 2>&1 \
  || { cat "$folder/build.log" >&2; exit 2; }
timeout 60 python3 - "$folder" <<'PY'
import socket, ssl, subprocess, sys

folder = sys.argv[1]


def ask(port):
    context = ssl.create_default_context(cafile=f"{folder}/certificate.pem")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain, \
         context.wrap_socket(plain, server_hostname="127.0.0.1", suppress_ragged_eofs=False) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        answer, end = b"", "close_notify"
        try:
            while part := client.recv(4096):
                answer += part
        except ssl.SSLEOFError as error:
            end = error.reason
        return b"hello" in answer, end


if ssl.OPENSSL_VERSION_INFO < (3,):
    sys.exit(f"needs OpenSSL 3 or later, not {ssl.OPENSSL_VERSION}")
print(f"client: {ssl.OPENSSL_VERSION}")
server = subprocess.Popen(["dotnet", f"{folder}/out/probe.dll", f"{folder}/certificate.pem"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
same = True
try:
    for name, expected in (("SslStream, Dispose() alone", "UNEXPECTED_EOF_WHILE_READING"),
                           ("SslStream, ShutdownAsync() and Dispose()", "close_notify"),
                           ("Kestrel, Connection: close", "UNEXPECTED_EOF_WHILE_READING")):
        complete, end = ask(int(server.stdout.readline()))
        print(f"{name}: the answer arrived {'whole' if complete else 'cut short'}; the stream ended with {end}")
        same &= complete and end == expected
    server.communicate("\n", timeout=20)
finally:
    server.kill()
print("As described." if same else "This has CHANGED.")
sys.exit(0 if same else 1)
PY
