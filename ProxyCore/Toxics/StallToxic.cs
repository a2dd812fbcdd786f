namespace ProxyCore;

/// <summary>Reads nothing, so that the sender is slowed and then stopped by TCP. Nothing is lost: it all comes after the removal.</summary>
public sealed class StallToxic() : Toxic("stall")
{
    private protected override string Parameters => "";
}
