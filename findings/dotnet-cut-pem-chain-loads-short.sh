#!/usr/bin/env bash
# Guess:     a PEM file whose end is missing, because it is still being written or was copied in part, can't be imported: a
#            BEGIN line without its END line is an error, as it is for OpenSSL's own tools.
# Behaviour: X509Certificate2Collection.ImportFromPemFile skips a block that has no end, or a damaged end line, without an error,
#            and returns the certificates ahead of it: a server then goes on with a chain whose issuer is missing, which only
#            clients without that issuer notice. A file that is cut in its first block gives an empty collection, without an
#            error too. OpenSSL refuses each of these files.
# Seen with: .NET 10.0.12, OpenSSL 3.0, 2026-11-28.
set -euo pipefail
for tool in dotnet openssl; do command -v "$tool" >/dev/null || { echo "$tool is missing" >&2; exit 2; }; done
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
using System.Security.Cryptography.X509Certificates;

foreach (string file in args)
{
    var certificates = new X509Certificate2Collection();
    try
    {
        certificates.ImportFromPemFile(file);
        Console.Write($"{certificates.Count} ");
    }
    catch (Exception exception)
    {
        Console.Write($"{exception.GetType().Name} ");
    }
}
CS
dotnet build "$folder" -v q -nologo -o "$folder/out" >"$folder/build.log" || { cat "$folder/build.log"; exit 2; }
for name in leaf issuer; do
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" -days 2 \
    -keyout "$folder/$name.key" -out "$folder/$name.pem" 2>/dev/null
done
cat "$folder/leaf.pem" "$folder/issuer.pem" >"$folder/whole.pem"
head -c -60 "$folder/whole.pem" >"$folder/cut-in-second.pem"
sed '$ s/.*/-----END CERTIFICAT-----/' "$folder/whole.pem" >"$folder/damaged-end.pem"
head -c -60 "$folder/leaf.pem" >"$folder/cut-in-first.pem"
files=("$folder/whole.pem" "$folder/cut-in-second.pem" "$folder/damaged-end.pem" "$folder/cut-in-first.pem")
dotnet_counts=$(dotnet "$folder/out/probe.dll" "${files[@]}")
openssl_answers=
for file in "${files[@]}"; do
  openssl crl2pkcs7 -nocrl -certfile "$file" -out /dev/null 2>/dev/null && openssl_answers+="taken " || openssl_answers+="refused "
done
echo "SDK $(dotnet --version), $(openssl version)"
echo "files:             whole, cut in its second certificate, damaged end line, cut in its first certificate"
echo ".NET certificates: $dotnet_counts"
echo "OpenSSL:           $openssl_answers"
if [ "$dotnet_counts" = "2 1 1 0 " ] && [ "$openssl_answers" = "taken refused refused refused " ]; then
  echo "As described."
else
  echo "This has CHANGED."
  exit 1
fi
