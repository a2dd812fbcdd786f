namespace ProxyCore;

/// <summary>
/// Ends new connections as soon as they are accepted, without an upstream. <see cref="Toxic.Stream"/> has no effect.
/// </summary>
/// <remarks>
/// Some clients tell a reset that comes at once from a refused connect, others by chance only: to fail them reliably, end
/// the connection after its first bytes (<see cref="CloseToxic"/>).
/// </remarks>
public sealed class RefuseToxic() : Toxic("refuse")
{
    /// <summary>How the client sees it. Default <see cref="ToxicEnd.Reset"/>.</summary>
    public ToxicEnd End { get; set; }

    private protected override string Parameters => $"end={End}";
}
