namespace ProxyCore.Bench.Peers;

/// <summary>ProxyCore in all its forms, and no proxy at all.</summary>
internal static class Contenders
{
    internal const string Native = "ProxyCore native";
    internal const string Jit = "ProxyCore JIT";
    internal const string NativeSslStream = "ProxyCore native SslStream";
    internal const string NoParking = "Select alone";
    internal const string Plain = "ProxyCore plain";
    internal const string TwoLoops = "ProxyCore 2 loops";

    private const string OpenSsl = "OpenSsl";

    /// <summary>No proxy at all.</summary>
    internal static Contender Direct { get; } = new("direct", static _ => throw new NotSupportedException(), Abilities.Relay | Abilities.FirstBytes);

    /// <summary>ProxyCore's command at <paramref name="program"/>, compiled while it runs, as an app that uses the library is.</summary>
    internal static Contender ProxyCoreJit(string program) => ProxyCore(Jit, program, Abilities.Relay);

    /// <summary>ProxyCore's native command at <paramref name="program"/> in all forms that are compared.</summary>
    internal static IEnumerable<Contender> ProxyCoreNative(string program) =>
    [
        ProxyCore(
            Native,
            program,
            Abilities.Relay | Abilities.FirstBytes | Abilities.Tls | Abilities.Limits | Abilities.Toxics | Abilities.Routes | Abilities.Threads),
        new(NativeSslStream, place => Start(program, ProxyCoreSetup.Arguments(place, "SslStream")), Abilities.Tls),

        // The course's design: every socket in Select's lists.
        ProxyCore(NoParking, program, Abilities.Requests, "--no-parking"),

        // What it costs without the features that others are measured with.
        new(Plain, place => Start(program, ProxyCoreSetup.Arguments(place with { Features = Features.None }, OpenSsl)), Abilities.Limits | Abilities.Toxics),
        ProxyCore(TwoLoops, program, Abilities.Threads, "--loops", "2"),
    ];

    private static Contender ProxyCore(string name, string program, Abilities abilities, params string[] more) =>
        new(name, place => Start(program, ProxyCoreSetup.Arguments(place, OpenSsl), more), abilities);

    private static ChildProcess Start(string program, string[] arguments, params string[] more) =>
        ChildProcess.Start(program, [.. arguments, "--log-level", "warn", .. more]);
}
