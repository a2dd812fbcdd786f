#!/usr/bin/env bash
# Guess:     IdnMapping is an algorithm (Punycode, RFC 3492) with fixed tables. InvariantGlobalization, which small
#            containers and native builds turn on, concerns cultures: the host that a program connects to, the name in its
#            TLS hello and the one that a router compares with stay the same.
# Behaviour: in that mode IdnMapping.GetAscii neither lower-cases nor normalises before it converts, and gives no error. The
#            same text then names another host: an upper-case umlaut, a letter with its accent apart and full-width letters
#            become names that no other program asks for. Uri.IdnHost, which HttpClient uses, lower-cases and goes wrong with
#            the other two. String.Normalize, which would mend it by hand, changes nothing in that mode.
# Seen with: .NET 10.0.12 on Linux with ICU, 2026-11-28.
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
    <Nullable>enable</Nullable>
    <UseAppHost>false</UseAppHost>
  </PropertyGroup>
</Project>
XML
cat >"$folder/Program.cs" <<'CS'
using System.Globalization;
using System.Text;

foreach (string host in (string[])["B\u00DCCHER.example", "bu\u0308cher.example", "\uFF21\uFF22.example", "b\u00FCcher.example"])
{
    string mapped = new IdnMapping().GetAscii(host);
    string ofUri = new Uri($"https://{host}/").IdnHost;
    string normalized = new IdnMapping().GetAscii(host.Normalize(NormalizationForm.FormKC).ToLowerInvariant());
    Console.WriteLine($"{mapped} {ofUri} {normalized}");
}
CS
dotnet build "$folder" -v q -nologo -o "$folder/out" >"$folder/build.log" || { cat "$folder/build.log"; exit 2; }
with_icu=$(DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0 dotnet "$folder/out/probe.dll") || { echo "ICU is missing" >&2; exit 2; }
invariant=$(DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 dotnet "$folder/out/probe.dll")
echo "SDK $(dotnet --version); each line: IdnMapping, Uri.IdnHost, IdnMapping after Normalize and ToLowerInvariant"
echo "With ICU:"
echo "$with_icu"
echo "InvariantGlobalization:"
echo "$invariant"
expected_icu="xn--bcher-kva.example xn--bcher-kva.example xn--bcher-kva.example
xn--bcher-kva.example xn--bcher-kva.example xn--bcher-kva.example
ab.example ab.example ab.example
xn--bcher-kva.example xn--bcher-kva.example xn--bcher-kva.example"
expected_invariant="xn--bcher-2pa.example xn--bcher-kva.example xn--bcher-kva.example
xn--bucher-xyd.example xn--bucher-xyd.example xn--bucher-xyd.example
xn--ph7cc.example xn--ph7cc.example xn--mi7cc.example
xn--bcher-kva.example xn--bcher-kva.example xn--bcher-kva.example"
if [ "$with_icu" = "$expected_icu" ] && [ "$invariant" = "$expected_invariant" ]; then
  echo "As described."
else
  echo "This has CHANGED."
  exit 1
fi
