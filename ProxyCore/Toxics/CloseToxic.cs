namespace ProxyCore;

/// <summary>Ends the connection after the first bytes of its <see cref="Toxic.Stream"/>, which are lost, or its end.</summary>
/// <remarks>With <see cref="ToxicEnd.Reset"/> it is toxiproxy's <c>reset_peer</c>.</remarks>
public sealed class CloseToxic() : Toxic("close")
{
    /// <summary>How long after the first bytes. Default zero; up to 365 days.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>How it ends. Default <see cref="ToxicEnd.Reset"/>.</summary>
    public ToxicEnd End { get; set; }

    private protected override string Parameters => $"end={End} delay={Text(Delay)}";
}
