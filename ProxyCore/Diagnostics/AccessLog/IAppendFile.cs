namespace ProxyCore.Diagnostics;

/// <summary>A file that is open for lines to be added at its end.</summary>
internal interface IAppendFile : IDisposable
{
    /// <summary>Whether it is a FIFO or a pipe: what nobody reads any more is lost when it is closed.</summary>
    bool IsPipe { get; }

    /// <summary>Whether it ends in the middle of a line, as after a full disk.</summary>
    bool EndsInLine { get; }

    /// <summary>Adds <paramref name="bytes"/>; returns how many were taken, and why not all, if so.</summary>
    int Write(ReadOnlySpan<byte> bytes, out string? error);
}
