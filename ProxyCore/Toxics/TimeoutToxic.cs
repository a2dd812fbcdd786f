namespace ProxyCore;

/// <summary>
/// Lets no byte pass, and ends the connection when none has come for a time. Bytes that came are lost; when the toxic is
/// removed, the connections that it acts on end too.
/// </summary>
public sealed class TimeoutToxic() : Toxic("timeout")
{
    /// <summary>
    /// After how long without bytes the connection ends, by FIN on both sides. Default zero, which never ends it; up to
    /// 365 days.
    /// </summary>
    public TimeSpan Timeout { get; set; }

    private protected override string Parameters => $"timeout={Text(Timeout)}";
}
