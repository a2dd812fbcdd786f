#!/usr/bin/env bash
# Guess:     PosixSignalRegistration.Create(SIGHUP or SIGINT, handler) installs the handler, or
#            throws. So "kill -HUP" reloads the configuration however the server was started.
# Behaviour: if the process inherited the signal as ignored, .NET leaves it ignored. Create() returns
#            a registration like any other, and the handler never runs. That is the case for SIGHUP
#            under nohup, and for SIGINT in every program that a script starts with "&". SIGTERM
#            is different: its handler runs even then. Python's signal.signal() installs the handler
#            in all of these cases, so a service written in both languages behaves differently.
# Seen with: .NET 10.0.12, python3 standard library, 2026-11-28.
# Source:    dotnet/runtime, src/native/libs/System.Native/pal_signal.c, InstallSignalHandler(): done
#            on purpose, so that child processes still ignore the signal. SIGTERM differs because the
#            runtime has set a handler of its own for it before.
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
using System.Runtime.InteropServices;

var handled = new HashSet<string>();
var registrations = new List<PosixSignalRegistration>();
foreach (PosixSignal signal in new[] { PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGTERM })
{
    registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        lock (handled)
            handled.Add(context.Signal.ToString());
    }));
}
Console.WriteLine($"ready on .NET {Environment.Version}");
Console.ReadLine();
lock (handled)
    Console.WriteLine(string.Join(' ', handled.Order()));
CS
cat >"$folder/probe.py" <<'PY'
import signal, sys

handled = set()
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda number, _: handled.add(signal.Signals(number).name))
print("ready on Python", sys.version.split()[0], flush=True)
sys.stdin.readline()
print(" ".join(sorted(handled)))
PY
timeout 400 dotnet build "$folder/probe.csproj" -v quiet -nodeReuse:false -p:UseSharedCompilation=false -o "$folder/out" >"$folder/build.log" 2>&1 \
  || { cat "$folder/build.log" >&2; exit 2; }
timeout 120 python3 - "$folder" <<'PY'
import signal, subprocess, sys, time

folder = sys.argv[1]
SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def run(command, ignored):
    def set_dispositions():
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)

    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True, preexec_fn=set_dispositions)
    try:
        ready, _, version = process.stdout.readline().strip().partition(" on ")
        if ready != "ready":
            sys.exit("the program did not start")
        for number in SIGNALS:
            process.send_signal(number)
            time.sleep(0.5)
        answer, _ = process.communicate("\n", timeout=20)
        return version, answer.strip()
    finally:
        process.kill()


ALL = "SIGHUP SIGINT SIGTERM"
dotnet = ["dotnet", f"{folder}/out/probe.dll"]
python = [sys.executable, f"{folder}/probe.py"]
cases = [
    ("started normally", dotnet, (), ALL),
    ("under nohup", ["nohup", *dotnet], (), "SIGINT SIGTERM"),
    ("SIGINT ignored (a script's &)", dotnet, (signal.SIGINT,), "SIGHUP SIGTERM"),
    ("SIGTERM ignored", dotnet, (signal.SIGTERM,), ALL),
    ("under nohup", ["nohup", *python], (), ALL),
    ("SIGINT ignored (a script's &)", python, (signal.SIGINT,), ALL),
]
same = True
for name, command, ignored, expected in cases:
    version, handled = run(command, ignored)
    print(f"{version}, {name}: handlers that ran: {handled}")
    same &= handled == expected
print("As described." if same else "This has CHANGED.")
sys.exit(0 if same else 1)
PY
