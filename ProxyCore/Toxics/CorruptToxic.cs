namespace ProxyCore;

/// <summary>Changes a share of the bytes, chosen by chance, to other values.</summary>
public sealed class CorruptToxic() : Toxic("corrupt")
{
    /// <summary>The share of bytes that are changed, from 0 to 1. Default 0.001.</summary>
    public double Share { get; set; } = 0.001;

    private protected override string Parameters => $"share={Text(Share)}";
}
