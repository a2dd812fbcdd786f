using System.Diagnostics;
using System.Runtime.InteropServices;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Reporting;

/// <summary>What the figures were taken on.</summary>
internal static class Machine
{
    /// <param name="upstream">What the server behind the proxies is.</param>
    /// <param name="otherHAProxy">The path of a HAProxy that is compared beside the installed one.</param>
    internal static string Describe(string upstream, string? otherHAProxy)
    {
        string[] versions =
        [
            .. new[] { ("haproxy", "-v"), (otherHAProxy ?? "", "-v"), ("nginx", "-v"), ("socat", "-V"), ("go", "version"), ("cc", "--version") }
                .Where(static one => one.Item1.Length > 0)
                .Select(static one => FirstLine(one.Item1, one.Item2)).OfType<string>(),
        ];
        string system = $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, Linux {Environment.OSVersion.Version}, .NET {Environment.Version}";
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
