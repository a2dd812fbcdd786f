namespace ProxyCore;

/// <summary>One endpoint that a route listens on.</summary>
/// <remarks>
/// A text converts to it, so that <c>Listen = { "localhost:8080" }</c> and <c>Listen.Add("*:80")</c> are short forms.
/// </remarks>
public sealed class ListenOptions
{
    /// <summary>An endpoint whose address is still to be set.</summary>
    public ListenOptions()
    {
    }

    /// <summary>An endpoint with default options.</summary>
    /// <param name="address">See <see cref="Address"/>.</param>
    public ListenOptions(string address)
    {
        Address = address;
        IsShortForm = true;
    }

    /// <summary>Where clients connect to: see <see cref="ProxyEndpoint"/>. A name is not allowed here.</summary>
    public string Address { get; set; } = "";

    /// <summary>
    /// How fast clients are accepted, by all loops together; further clients wait in the listen backlog, and are refused by
    /// the system when that is full. Within a twentieth of a second they may come at once. Default null: as fast as they
    /// come.
    /// </summary>
    public ConnectionRate? MaxConnectionRate { get; set; }

    /// <summary>From which senders PROXY protocol headers are taken. Default null: from none.</summary>
    public ProxyProtocolOptions? ProxyProtocol { get; set; }

    /// <summary>How the TLS of clients is ended. Default null: it is not, and their bytes are relayed as they are.</summary>
    public ListenTlsOptions? Tls { get; set; }

    /// <summary>
    /// The most bytes of a TLS hello that are read to choose a route, without the headers of its records. Default 16 KB;
    /// 4 KB to 64 KB. A client with a longer hello is refused. Used only where routes of the endpoint have
    /// <see cref="RouteOptions.ServerNames"/> or <see cref="RouteOptions.Alpn"/>.
    /// </summary>
    public int PrereadLimit { get; set; } = 16 * 1024;

    /// <summary>
    /// How long a client may take to send its whole TLS hello: from accept, or from the end of its PROXY header. Default 5 s;
    /// more than zero, up to 365 days. A client that has sent nothing by then goes to the default route; one that has sent
    /// a part of a hello is refused.
    /// </summary>
    public TimeSpan PrereadTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many bytes all clients together may hold while their headers and hellos are read, over all loops. Default 64 MB;
    /// 128 KB to 1 GB. A client beyond that is reset.
    /// </summary>
    public int PrereadMemory { get; set; } = 64 * 1024 * 1024;

    /// <summary>What a TLS client gets that has no route. Default <see cref="NoRouteAction.Alert"/>.</summary>
    public NoRouteAction OnNoRoute { get; set; }

    /// <summary>An endpoint with default options.</summary>
    /// <param name="address">See <see cref="Address"/>.</param>
    public static implicit operator ListenOptions(string address) => FromString(address);

    /// <summary>An endpoint with default options.</summary>
    /// <param name="address">See <see cref="Address"/>.</param>
    public static ListenOptions FromString(string address) => new(address);

    /// <summary>Whether the endpoint is written as a text, whose place in a configuration is the endpoint's.</summary>
    internal bool IsShortForm { get; }

    /// <summary>The address.</summary>
    public override string ToString() => Address;

    /// <summary>The same options in an object of its own.</summary>
    internal ListenOptions Copy()
    {
        var copy = (ListenOptions)MemberwiseClone();
        copy.ProxyProtocol = ProxyProtocol?.Copy();
        copy.Tls = Tls?.Copy();
        return copy;
    }
}
