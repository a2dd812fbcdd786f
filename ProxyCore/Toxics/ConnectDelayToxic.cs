namespace ProxyCore;

/// <summary>Delays new connections before their upstream is connected. <see cref="Toxic.Stream"/> has no effect.</summary>
/// <remarks>The time of <see cref="RouteOptions.ConnectTimeout"/> begins afterwards.</remarks>
public sealed class ConnectDelayToxic() : Toxic("connect_delay")
{
    /// <summary>For how long. Default zero; up to 365 days.</summary>
    public TimeSpan Delay { get; set; }

    private protected override string Parameters => $"delay={Text(Delay)}";
}
