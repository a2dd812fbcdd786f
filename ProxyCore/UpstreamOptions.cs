namespace ProxyCore;

/// <summary>One server that connections go to.</summary>
public sealed class UpstreamOptions
{
    /// <summary>Where it is: see <see cref="ProxyEndpoint"/>. <c>*</c> and port 0 are not allowed here.</summary>
    public string Address { get; set; } = "";
}
