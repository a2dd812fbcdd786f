namespace ProxyCore;

/// <summary>Ends a connection after a time, whatever it carries.</summary>
public sealed class CutToxic() : Toxic("cut")
{
    /// <summary>
    /// After how long, counted from when the connection begins to relay, or from when the toxic comes to it. Default zero;
    /// up to 365 days.
    /// </summary>
    public TimeSpan After { get; set; }

    /// <summary>How it ends. Default <see cref="ToxicEnd.Reset"/>.</summary>
    public ToxicEnd End { get; set; }

    private protected override string Parameters => $"after={Text(After)} end={End}";
}
