using System.Diagnostics;

namespace ProxyCore.Bench;

/// <summary>ProxyCore's command, built for the comparison from the sources beside it.</summary>
internal static class BuiltCommand
{
    private const string Project = "ProxyCore.Cli";

    /// <summary>Publishes the command into <paramref name="folder"/>; returns its path.</summary>
    /// <exception cref="InvalidOperationException">It can't be built; the message says why.</exception>
    internal static string Publish(string folder, bool native)
    {
        string[] kind = native ? ["-r", "linux-x64", "-p:PublishAot=true"] : [];
        var start = new ProcessStartInfo(
            "dotnet", ["publish", Path.Combine(Repository(), Project), "-c", "Release", "-o", folder, "-v", "quiet", "--nologo", .. kind])
        {
            RedirectStandardOutput = true,
        };
        using Process build = Process.Start(start)!;
        string said = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        string program = Path.Combine(folder, "proxycore");
        return build.ExitCode == 0 && File.Exists(program)
            ? program
            : throw new InvalidOperationException(said.Split('\n').FirstOrDefault(static line => line.Contains("error"), said).Trim());
    }

    /// <summary>The folder with the solution, at or above the current one.</summary>
    internal static string Repository()
    {
        for (DirectoryInfo? folder = new(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ProxyCore.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("start it in a clone of the repository: ProxyCore.sln is in no folder above");
    }
}
