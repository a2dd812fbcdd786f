namespace ProxyCore.Diagnostics;

/// <summary>A connection that has ended.</summary>
/// <param name="Report">All about it.</param>
/// <param name="At">When it ended.</param>
internal readonly record struct EndedConnection(ConnectionReport Report, DateTimeOffset At);
