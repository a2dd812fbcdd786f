namespace ProxyCore;

/// <summary>
/// From which senders an endpoint takes PROXY protocol headers. A sender that is not among them is a client itself, and its
/// bytes are not looked at.
/// </summary>
/// <remarks>
/// The protocol must not be guessed: a client that may send a header of its own can claim any address. See
/// <see href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">the specification</see>.
/// </remarks>
public sealed class ProxyProtocolOptions
{
    /// <summary>
    /// The addresses and ranges (CIDR) of the proxies that send a header, at least one: <c>10.0.0.0/8</c>, <c>::1</c>; <c>unix</c>
    /// stands for senders on a Unix socket. From them a header is required: a connection without a valid one is reset.
    /// </summary>
    public IList<string> From { get; private set; } = [];

    /// <summary>How long the header may take from accept to its last byte. Default 5 s; more than zero, up to 365 days.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The versions that are accepted: 1, 2 or both. Default empty, which stands for both.</summary>
    public IList<int> Versions { get; private set; } = [];

    /// <summary>The most bytes that a header may have, TLVs included. Default 4096; from 536 to 32784.</summary>
    public int MaxHeaderBytes { get; set; } = 4096;

    /// <summary>The same options in an object of its own.</summary>
    internal ProxyProtocolOptions Copy()
    {
        var copy = (ProxyProtocolOptions)MemberwiseClone();
        copy.From = [.. From];
        copy.Versions = [.. Versions];
        return copy;
    }
}
