namespace ProxyCore.Bench.Chaos.Transfers;

/// <summary>A transfer that can't go on.</summary>
internal sealed class BrokenTransferException(EndOfTransfer end) : Exception($"{end}")
{
    internal EndOfTransfer End { get; } = end;
}
