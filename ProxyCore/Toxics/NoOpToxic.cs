namespace ProxyCore;

/// <summary>Does nothing: bytes pass as they come.</summary>
public sealed class NoOpToxic() : Toxic("noop")
{
    private protected override string Parameters => "";
}
