using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench;

/// <summary>The proxies that can be compared on this machine.</summary>
internal static class FoundContenders
{
    /// <summary>ProxyCore as it is built or given, the proxies that are installed or given, and no proxy. Says which are missing.</summary>
    /// <param name="options">What the command line asked for.</param>
    /// <param name="folder">Where programs are built.</param>
    internal static List<Contender> Find(SessionOptions options, string folder)
    {
        List<Contender> found = [];
        if (Command(options.Native, Path.Combine(folder, "native"), native: true) is { } native)
        {
            found.AddRange(Contenders.ProxyCoreNative(native));
        }

        if (Command(options.Jit, Path.Combine(folder, "jit"), native: false) is { } jit)
        {
            found.Add(Contenders.ProxyCoreJit(jit));
        }

        found.AddRange(OtherProxies.Find(folder, Console.WriteLine));
        if (options.HAProxy is { } haproxy)
        {
            found.AddRange(HAProxies.Other(haproxy));
        }

        found.Add(Contenders.Direct);
        return found;
    }

    private static string? Command(string? given, string folder, bool native)
    {
        if (given is not null)
        {
            return given == SessionOptions.LeaveOut ? null : given;
        }

        try
        {
            return BuiltCommand.Publish(folder, native);
        }
        catch (InvalidOperationException exception)
        {
            Console.WriteLine($"{(native ? Contenders.Native : Contenders.Jit)} can't be built: {exception.Message}");
            return null;
        }
    }
}
