namespace ProxyCore;

/// <summary>
/// Half-open: lets nothing pass one way, neither bytes nor the end, and tells nobody. What came meanwhile is lost. Once it is
/// removed, what comes next passes.
/// </summary>
public sealed class SwallowToxic() : Toxic("swallow")
{
    private protected override string Parameters => "";
}
