using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>
/// What an SslStream takes for its network: it is given one record after another, and what it writes goes to the outgoing
/// bytes of the loop. Belongs to the loop's thread.
/// </summary>
/// <remarks>
/// A read while no record is given is completed by the call that gives one, within that call: all that SslStream does stays
/// on the loop's thread, and no thread waits.
/// </remarks>
internal sealed class RecordStream(OutgoingBytes outgoing) : Stream, IValueTaskSource<int>
{
    // Continuations run inline by default.
    private ManualResetValueTaskSourceCore<int> _source;
    private ReadOnlyMemory<byte> _record;
    private Memory<byte> _destination;
    private bool _isWaiting;
    private bool _hasEnded;
    private ServerFlight _flight;

    /// <summary>Whether the handshake resumes a session.</summary>
    internal bool IsResumed => _flight.IsResumed;

    /// <summary>Whether the server's flight is written here, and not read.</summary>
    internal bool IsServer { get; init; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Gives the next record, which stays where it is until SslStream has taken it.</summary>
    internal void Give(ReadOnlyMemory<byte> record)
    {
        Debug.Assert(_record.IsEmpty, "the record before is taken");
        _record = record;
        if (!IsServer)
        {
            _flight.See(record.Span);
        }

        Resume();
    }

    /// <summary>Ends the stream.</summary>
    internal void End()
    {
        _hasEnded = true;
        Resume();
    }

    /// <summary>Forgets what SslStream has left of a record in which it has found a fault.</summary>
    internal void Drop() => _record = default;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_record.IsEmpty || _hasEnded)
        {
            return new ValueTask<int>(Take(buffer));
        }

        Debug.Assert(!_isWaiting, "one read at a time");
        _destination = buffer;
        _isWaiting = true;
        _source.Reset();
        return new ValueTask<int>(this, _source.Version);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return default;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (IsServer)
        {
            _flight.See(buffer);
        }

        outgoing.Append(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Resume()
    {
        if (!_isWaiting)
        {
            return;
        }

        _isWaiting = false;
        _source.SetResult(Take(_destination));
    }

    /// <summary>SslStream asks with an empty buffer first, in order to hold none while it waits.</summary>
    private int Take(Memory<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _record.Length);
        _record.Span[..count].CopyTo(buffer.Span);
        _record = _record[count..];
        return count;
    }
}
