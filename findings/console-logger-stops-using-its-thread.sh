#!/usr/bin/env bash
# Guess:     the console logger writes on its own background thread. If one write fails (disk full,
#            reader of the pipe gone for a moment), one line is lost, and the thread goes on.
# Behaviour: after the first failed write the background thread ends for good, and nothing says so.
#            From then on every Log() call formats and writes on the caller's own thread, also when
#            the output works again. An event loop that never blocked on logging now waits for
#            standard output on each line, until the process is restarted.
# Seen with: Microsoft.Extensions.Logging.Console 10.0.12, .NET 10.0.12, 2026-11-28.
# Source:    dotnet/runtime pull request 70186, review of ConsoleLoggerProcessor.cs: a failed write
#            closes the queue, and a message that finds the queue closed is written directly.
set -euo pipefail
command -v dotnet >/dev/null || { echo "dotnet is missing" >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NUGET_PACKAGES="$folder/packages"
cat >"$folder/probe.csproj" <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <UseAppHost>false</UseAppHost>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Extensions.Logging.Console" Version="[10.0.12]" />
  </ItemGroup>
</Project>
XML
cat >"$folder/Program.cs" <<'CS'
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;

TextWriter report = Console.Out;
using var good = new StreamWriter(args[0]) { AutoFlush = true };
using var full = new StreamWriter(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)) { AutoFlush = true };
var output = new RecordingWriter(good);
Console.SetOut(output);
using ILoggerFactory factory = LoggerFactory.Create(logging => logging.AddSimpleConsole());
ILogger logger = factory.CreateLogger("probe");
int caller = Environment.CurrentManagedThreadId;

report.WriteLine($".NET {Environment.Version}, Microsoft.Extensions.Logging.Console 10.0.12; every write takes at least {RecordingWriter.Delay.TotalMilliseconds} ms");
var lines = new List<Line> { Log("first"), Log("second") };
output.Target = full;
lines.Add(Log("third, to a full disk"));
output.Target = good;
for (int number = 4; number <= 8; number++)
    lines.Add(Log($"number {number}, the disk has room again"));

bool same = lines.Take(3).All(line => !line.OnCaller && line.Waited < RecordingWriter.Delay)
    && lines.Skip(3).All(line => line.OnCaller && line.Waited >= RecordingWriter.Delay)
    && lines.Select(line => line.Failed).SequenceEqual([false, false, true, false, false, false, false, false]);
report.WriteLine(same ? "As described." : "This has CHANGED.");
return same ? 0 : 1;

Line Log(string text)
{
    long start = Stopwatch.GetTimestamp();
    logger.LogInformation("{Text}", text);
    TimeSpan waited = Stopwatch.GetElapsedTime(start);
    if (!output.Written.Wait(TimeSpan.FromSeconds(10)))
        throw new TimeoutException($"'{text}' was not written");
    var line = new Line(output.LastThread == caller, waited, output.LastFailed);
    report.WriteLine($"{text}: written on the {(line.OnCaller ? "CALLER's" : "background")} thread{(line.Failed ? ", which failed" : "")}; Log() took {waited.TotalMilliseconds:0} ms");
    Thread.Sleep(100); // time for the background thread to deal with a failure
    return line;
}

sealed record Line(bool OnCaller, TimeSpan Waited, bool Failed);

/// <summary>A slow standard output that records which thread writes.</summary>
sealed class RecordingWriter(TextWriter target) : TextWriter
{
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(400);

    public TextWriter Target { get; set; } = target;

    public SemaphoreSlim Written { get; } = new(0);

    public int LastThread { get; private set; }

    public bool LastFailed { get; private set; }

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(string? value)
    {
        LastThread = Environment.CurrentManagedThreadId;
        LastFailed = true;
        try
        {
            Thread.Sleep(Delay);
            Target.Write(value);
            LastFailed = false;
        }
        finally
        {
            Written.Release();
        }
    }
}
CS
timeout 400 dotnet build "$folder/probe.csproj" -v quiet -nodeReuse:false -p:UseSharedCompilation=false -o "$folder/out" >"$folder/build.log" 2>&1 \
  || { cat "$folder/build.log" >&2; exit 2; }
timeout 60 dotnet "$folder/out/probe.dll" "$folder/log.txt"
