namespace ProxyCore;

/// <summary>Lets a number of bytes pass, and ends the connection, by FIN on both sides, as soon as they have.</summary>
public sealed class LimitDataToxic() : Toxic("limit_data")
{
    /// <summary>
    /// How many bytes pass, counted from when the toxic came to the connection. Default 0: the connection ends with the first
    /// bytes.
    /// </summary>
    public long Bytes { get; set; }

    private protected override string Parameters => $"bytes={Text(Bytes)}";
}
