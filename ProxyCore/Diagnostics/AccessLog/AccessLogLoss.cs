namespace ProxyCore.Diagnostics;

/// <summary>What an access log has lost at once, and why.</summary>
internal readonly record struct AccessLogLoss(int Connections, string Cause);
