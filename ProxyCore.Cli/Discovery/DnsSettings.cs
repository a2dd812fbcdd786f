using System.Net;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Discovery;

/// <summary>How <c>srv:</c> upstreams are looked up, checked. Immutable.</summary>
/// <param name="Servers">The servers that are asked, in this order; none for those of /etc/resolv.conf.</param>
/// <param name="MinTtl">The shortest time for which an answer is used.</param>
/// <param name="MaxTtl">The longest.</param>
/// <param name="Timeout">How long one server may take.</param>
/// <param name="KeepMissing">How long what was found stays in use when the name is gone.</param>
internal sealed record DnsSettings(
    ValueList<IPEndPoint> Servers, TimeSpan MinTtl, TimeSpan MaxTtl, TimeSpan Timeout, TimeSpan KeepMissing)
{
    internal const int MostServers = 8;

    private const int Port = 53;

    /// <summary>What the shortest and the longest time may be: each name is asked for once a second at most.</summary>
    internal static TimeLimits TtlLimits { get; } = new(TimeSpan.FromSeconds(1), OptionLimits.Longest);

    /// <summary>Checks options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="path">Where they are configured, with a colon at the end; empty for the command line.</param>
    /// <param name="errors">What is wrong is added here.</param>
    internal static DnsSettings Read(DnsOptions options, string path, ValidationErrors errors)
    {
        errors.RequireTime(options.MinTtl, path + nameof(options.MinTtl), TtlLimits, "1 s");
        errors.RequireTime(options.MaxTtl, path + nameof(options.MaxTtl), TtlLimits, "1 s");
        errors.RequireTimeout(options.Timeout, path + nameof(options.Timeout));
        errors.RequireTime(options.KeepMissing, path + nameof(options.KeepMissing), OptionLimits.TimeoutOrNone, "zero");
        errors.Require(
            options.MaxTtl >= options.MinTtl || errors.IsRefused(path + nameof(options.MinTtl)),
            path + nameof(options.MaxTtl),
            $"must not be less than {nameof(options.MinTtl)}");
        errors.Require(
            options.Servers.Count <= MostServers, path + nameof(options.Servers), $"must have at most {MostServers} servers");
        var servers = new List<IPEndPoint>();
        foreach ((int index, string text) in options.Servers.Index())
        {
            bool isServer = TryParseServer(text, out IPEndPoint? server, out string? cause);
            errors.Require(isServer, $"{path}{nameof(options.Servers)}:{index}", cause ?? "");
            if (isServer)
            {
                servers.Add(server!);
            }
        }

        return new DnsSettings([.. servers], options.MinTtl, options.MaxTtl, options.Timeout, options.KeepMissing);
    }

    /// <summary>Reads a server: an IP address, with a port other than 53 behind it, as <c>[::1]:5353</c>.</summary>
    internal static bool TryParseServer(string? text, out IPEndPoint? server, out string? cause)
    {
        server = StrictAddress.TryParse(text, out IPAddress? address) ? new IPEndPoint(address, Port)
            : ProxyEndpoint.TryParse(text, out ProxyEndpoint? endpoint) && endpoint is { Kind: ProxyEndpointKind.Address, Port: > 0 }
                ? new IPEndPoint(endpoint.Address!, endpoint.Port)
            : null;
        cause = server is null
            ? $"'{Diagnostics.Printable.Shorten(text ?? "")}' is no server of the DNS: write an IP address, as 10.0.0.53, or with a port, 10.0.0.53:5353"
            : null;
        return server is not null;
    }
}
