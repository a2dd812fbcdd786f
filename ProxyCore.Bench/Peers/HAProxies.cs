using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ProxyCore.Bench.Peers;

/// <summary>HAProxy in the forms that are compared.</summary>
internal static partial class HAProxies
{
    /// <summary>The one that is installed: ratios are over its figures.</summary>
    internal const string Name = "HAProxy";

    /// <summary>The same where the kernel moves the bytes from socket to socket.</summary>
    internal const string Splice = Name + SpliceSuffix;

    private const string SpliceSuffix = " splice";

    private static readonly string[] _spliceOptions = ["option splice-request", "option splice-response"];

    private const Abilities All = Abilities.Relay | Abilities.FirstBytes | Abilities.Tls | Abilities.Limits | Abilities.Routes | Abilities.Threads;

    /// <summary>The installed one at <paramref name="program"/>.</summary>
    internal static IEnumerable<Contender> Installed(string program) =>
    [
        .. Both(program, Name),
        HAProxy($"{Name} 2 threads", program, Abilities.Threads, threads: 2),
    ];

    /// <summary>Another one at <paramref name="program"/>, called by its version.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    internal static IEnumerable<Contender> Other(string program) => Both(program, $"{Name} {VersionOf(program)}");

    private static IEnumerable<Contender> Both(string program, string name) =>
    [
        HAProxy(name, program, All),
        HAProxy(name + SpliceSuffix, program, Abilities.Bulk, options: _spliceOptions),
    ];

    private static Contender HAProxy(string name, string program, Abilities abilities, int threads = 1, params string[] options) => new(
        name,
        place =>
        {
            string file = Path.Combine(place.Folder, $"haproxy-{place.Port}.cfg");
            File.WriteAllText(file, HAProxySetup.Text(place, threads, options));
            return ChildProcess.Start(program, "-f", file);
        },
        abilities);

    private static string VersionOf(string program)
    {
        string said;
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, "-v") { RedirectStandardOutput = true })!;
            said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"{program}: {exception.Message}", exception);
        }

        Match version = Version().Match(said);
        return version.Success ? version.Groups[1].Value : throw new InvalidOperationException($"{program} is no HAProxy");
    }

    [GeneratedRegex(@"^HAProxy version (\d+\.\d+)")]
    private static partial Regex Version();
}
