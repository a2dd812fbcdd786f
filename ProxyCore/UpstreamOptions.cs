namespace ProxyCore;

/// <summary>One server that connections go to.</summary>
public sealed class UpstreamOptions
{
    /// <summary>
    /// Where it is: see <see cref="ProxyEndpoint"/>. <c>*</c> and port 0 are not allowed here. Or <c>scheme:name</c>, for the
    /// servers that one of the <see cref="TcpProxyOptions.UpstreamSources"/> finds: each counts as an upstream of its own.
    /// </summary>
    public string Address { get; set; } = "";

    /// <summary>
    /// Its share of the connections beside the weights of the others, where the balancing goes by weights. Default 1; 0
    /// to 1000. With 0 it gets no new connections. The servers of a source have weights of their own: there only 0 and 1 make
    /// sense.
    /// </summary>
    public int Weight { get; set; } = 1;

    /// <summary>
    /// How many connections it may have at a time, on all loops; more wait in the route's queue. Default null, no limit;
    /// from 1. Of a source: how many each of its servers may have.
    /// </summary>
    public int? MaxConnections { get; set; }

    /// <summary>
    /// Whether it gets connections only when none of the others can be had: out, down, or tried in vain. Default false.
    /// </summary>
    public bool Backup { get; set; }

    /// <summary>
    /// Of a name: whether each of its addresses counts as an upstream of its own, with this weight and maximum. Otherwise
    /// the name is one upstream, whose addresses are tried in turn. Default false.
    /// </summary>
    public bool EachAddress { get; set; }

    /// <summary>
    /// The version of the PROXY header that tells the upstream the client's address, ahead of the client's first byte;
    /// health checks send one too. Default null: no header. The upstream must be configured to expect it.
    /// </summary>
    public ProxyProtocolVersion? SendProxyProtocol { get; set; }

    /// <summary>
    /// What a header of version 2 carries beside the addresses. Default <see cref="ProxyTlvs.None"/>: then it has 28 bytes
    /// for IPv4 and 52 for IPv6, which every server takes.
    /// </summary>
    public ProxyTlvs ProxyTlvs { get; set; }

    /// <summary>How TLS is spoken to it. Default null: it is not, and bytes are relayed as they come.</summary>
    public UpstreamTlsOptions? Tls { get; set; }

    /// <summary>The address.</summary>
    public override string ToString() => Address;

    /// <summary>The same options in an object of its own.</summary>
    internal UpstreamOptions Copy()
    {
        var copy = (UpstreamOptions)MemberwiseClone();
        copy.Tls = Tls?.Copy();
        return copy;
    }
}
