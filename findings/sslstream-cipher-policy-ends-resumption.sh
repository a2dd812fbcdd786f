#!/usr/bin/env bash
# Guess:     SslClientAuthenticationOptions.CipherSuitesPolicy limits the cipher suites that a client offers, and nothing else:
#            with AllowTlsResume, which is on by default, the second connection to a server resumes the session of the first.
# Behaviour: on Linux a client with a policy never resumes. There is no error, no event, and no property that tells. Without the
#            policy, and with the same suites set by OpenSSL's own configuration file (OPENSSL_CONF) instead, each connection
#            after the first resumes.
# Seen with: .NET 10.0.12, OpenSSL 3.0 as the server, 2026-11-28.
set -euo pipefail
for tool in dotnet openssl; do command -v "$tool" >/dev/null || { echo "$tool is missing" >&2; exit 2; }; done
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT
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
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;

int port = int.Parse(args[0]);
bool hasPolicy = args[1] == "policy";
var options = new SslClientAuthenticationOptions
{
    TargetHost = "server.example",
    RemoteCertificateValidationCallback = (_, _, _, _) => true,
    CipherSuitesPolicy = hasPolicy && OperatingSystem.IsLinux() ? new CipherSuitesPolicy([TlsCipherSuite.TLS_AES_256_GCM_SHA384]) : null,
};
for (int i = 0; i < 3; i++)
{
    using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    await socket.ConnectAsync("127.0.0.1", port);
    await using var tls = new SslStream(new NetworkStream(socket));
    await tls.AuthenticateAsClientAsync(options);
    await tls.WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray());

    // The server says of each session whether it is new, and sends its tickets ahead of that.
    string page = await new StreamReader(tls).ReadToEndAsync();
    Console.Write(page.Contains("\nReused, ") ? "resumed " : page.Contains("\nNew, ") ? "new " : "? ");
}

Console.WriteLine();
CS
dotnet build "$folder" -v q -nologo -o "$folder/out" >"$folder/build.log" || { cat "$folder/build.log"; exit 2; }
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=server.example -days 2 \
  -keyout "$folder/key.pem" -out "$folder/cert.pem" 2>/dev/null
cat >"$folder/openssl.cnf" <<'CNF'
openssl_conf = top
[top]
ssl_conf = ssl
[ssl]
system_default = suites
[suites]
Ciphersuites = TLS_AES_256_GCM_SHA384
CNF

# A port that the system finds free.
openssl s_server -accept 127.0.0.1:0 -cert "$folder/cert.pem" -key "$folder/key.pem" -www >"$folder/server.log" 2>&1 &
server=$!
for _ in $(seq 50); do grep -q '^ACCEPT' "$folder/server.log" && break; sleep 0.1; done
port=$(grep -o 'ACCEPT .*:[0-9]*' "$folder/server.log" | grep -o '[0-9]*$')
plain=$(dotnet "$folder/out/probe.dll" "$port" none)
policy=$(dotnet "$folder/out/probe.dll" "$port" policy)
configured=$(OPENSSL_CONF="$folder/openssl.cnf" dotnet "$folder/out/probe.dll" "$port" none)
echo "SDK $(dotnet --version), $(openssl version); three connections each"
echo "no policy:                  $plain"
echo "CipherSuitesPolicy:         $policy"
echo "the same by OPENSSL_CONF:   $configured"
if [ "$plain" = "new resumed resumed " ] && [ "$policy" = "new new new " ] && [ "$configured" = "new resumed resumed " ]; then
  echo "As described."
else
  echo "This has CHANGED."
  exit 1
fi
