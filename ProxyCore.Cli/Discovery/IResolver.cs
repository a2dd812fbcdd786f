using System.Net;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Discovery;

/// <summary>Asks the DNS, once for each call. Any thread.</summary>
internal interface IResolver
{
    /// <summary>Finds the SRV records of a name.</summary>
    /// <exception cref="DnsException">There is no answer that says whether it has some.</exception>
    Task<SrvAnswer> FindServersAsync(string name);

    /// <summary>Finds the addresses of a host.</summary>
    /// <exception cref="DnsException">There is no answer that says whether it has some.</exception>
    Task<AddressAnswer> FindAddressesAsync(string host);
}

/// <summary>The SRV records of a name. Immutable.</summary>
/// <param name="Records">The records; none when the name does not exist, or has no such records.</param>
/// <param name="Addresses">The addresses of hosts that came with them, by host in lower case without a dot at the end.</param>
/// <param name="Ttl">How long the records may be used; zero without any.</param>
internal sealed record SrvAnswer(
    IReadOnlyList<SrvEntry> Records, IReadOnlyDictionary<string, AddressAnswer> Addresses, TimeSpan Ttl);

/// <summary>One SRV record. Immutable.</summary>
/// <param name="Host">The target, in lower case without a dot at the end: empty when the service is withdrawn.</param>
/// <param name="Port">Its port.</param>
/// <param name="Priority">Lower ones come first.</param>
/// <param name="Weight">Its share.</param>
internal sealed record SrvEntry(string Host, int Port, int Priority, int Weight);

/// <summary>The addresses of a host. Immutable.</summary>
/// <param name="Addresses">The addresses, in an order that does not change from answer to answer; none when there is no such host.</param>
/// <param name="Ttl">How long they may be used.</param>
internal sealed record AddressAnswer(ValueList<IPAddress> Addresses, TimeSpan Ttl)
{
    /// <summary>Puts IPv4 first, as for other upstreams: most servers listen there.</summary>
    internal static ValueList<IPAddress> Order(IEnumerable<IPAddress> addresses) =>
    [
        .. addresses.Distinct()
            .OrderBy(static one => one.AddressFamily)
            .ThenBy(static one => Convert.ToHexString(one.GetAddressBytes()), StringComparer.Ordinal),
    ];
}

/// <summary>The DNS could not be asked, or answered with an error.</summary>
internal sealed class DnsException(string message, Exception? innerException = null) : Exception(message, innerException);
