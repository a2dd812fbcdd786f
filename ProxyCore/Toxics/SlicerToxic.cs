namespace ProxyCore;

/// <summary>Cuts what comes into small pieces, each of them sent by a call of its own. TCP may join them again.</summary>
public sealed class SlicerToxic() : Toxic("slicer")
{
    /// <summary>How many bytes a piece has on average. Default 1; from 1.</summary>
    public int AverageSize { get; set; } = 1;

    /// <summary>By how many bytes a piece may be larger or smaller. Default 0; less than <see cref="AverageSize"/>.</summary>
    public int SizeVariation { get; set; }

    /// <summary>How long after a piece the next one follows. Default zero; up to 365 days.</summary>
    public TimeSpan Delay { get; set; }

    private protected override string Parameters => $"averageSize={Text(AverageSize)} sizeVariation={Text(SizeVariation)} delay={Text(Delay)}";
}
