namespace ProxyCore.Cli.Discovery;

/// <summary>How <c>srv:</c> upstreams are looked up, as a configuration says it.</summary>
internal sealed class DnsOptions
{
    /// <summary>The servers that are asked, in this order. Default none: those of /etc/resolv.conf.</summary>
    internal IList<string> Servers { get; } = [];

    /// <summary>The shortest time for which an answer is used, whatever its TTL says. Default 5 s; 1 s to 365 days.</summary>
    internal TimeSpan MinTtl { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest. Default 5 min; 1 s to 365 days.</summary>
    internal TimeSpan MaxTtl { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one server may take for an answer; then the next is asked. Default 2 s; more than zero, up to 365 days.</summary>
    internal TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the servers that were found stay in use when the DNS says that the name is not there any more. Default 30 s; zero
    /// to 365 days.
    /// </summary>
    internal TimeSpan KeepMissing { get; set; } = TimeSpan.FromSeconds(30);
}
