using ProxyCore.Bench.Chaos.Transfers;

namespace ProxyCore.Bench.Chaos.Reckoning;

/// <summary>What one end of a transfer tells about it. Immutable.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Sent">The bytes that it sent.</param>
/// <param name="Received">The bytes that it received.</param>
internal sealed record EndReport(EndOfTransfer End, long Sent, long Received);
