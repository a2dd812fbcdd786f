namespace ProxyCore;

/// <summary>Delays the end of the stream: the FIN, or the reset behind the last bytes.</summary>
public sealed class SlowCloseToxic() : Toxic("slow_close")
{
    /// <summary>For how long. Default zero; up to 365 days.</summary>
    public TimeSpan Delay { get; set; }

    private protected override string Parameters => $"delay={Text(Delay)}";
}
