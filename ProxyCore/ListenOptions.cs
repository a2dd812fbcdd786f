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
    internal ListenOptions Copy() => (ListenOptions)MemberwiseClone();
}
