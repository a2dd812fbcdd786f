using System.Diagnostics;
using System.Runtime.InteropServices;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Reporting;

/// <summary>What the figures were taken on.</summary>
internal static class Machine
{
    internal static string Describe(string upstream)
    {
        string[] versions =
        [
            .. new[] { ("haproxy", "-v"), ("nginx", "-v"), ("socat", "-V"), ("go", "version") }
                .Select(static one => FirstLine(one.Item1, one.Item2)).OfType<string>(),
        ];
        string system = $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, .NET {Environment.Version}";
        return $"{system}; upstream: {upstream}; {string.Join("; ", versions)}";
    }

    private static string? FirstLine(string program, string argument)
    {
        if (Programs.Find(program) is not { } path)
        {
            return null;
        }

        var start = new ProcessStartInfo(path, argument) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return text.Split('\n').Select(static line => line.Trim()).FirstOrDefault(static line => line.Any(char.IsAsciiDigit));
    }
}
