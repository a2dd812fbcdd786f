namespace ProxyCore.Relay;

/// <summary>What a pipe works with during one call: its two ends, the stage between them, the loop's memory and the time.</summary>
internal readonly ref struct PipeEnds(End source, End sink, Stage? stage, RelayBuffers buffers, TimeSpan now)
{
    internal readonly End Source = source;
    internal readonly End Sink = sink;
    internal readonly Stage? Stage = stage;
    internal readonly RelayBuffers Buffers = buffers;
    internal readonly TimeSpan Now = now;
}
