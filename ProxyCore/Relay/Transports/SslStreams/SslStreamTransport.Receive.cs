using System.Diagnostics.CodeAnalysis;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <content>The way of the bytes from the peer.</content>
internal sealed partial class SslStreamTransport
{
    // Ciphertext that is not decrypted yet, and plain bytes of a record that did not fit.
    private PendingBytes? _kept;
    private PendingBytes? _rest;

    // A read that waits for a record with plain bytes.
    private ValueTask<int> _read;
    private bool _isReading;

    private bool _hasRecord;
    private bool _mustAskAgain;
    private bool _hasEnded;
    private bool _isTruncated;
    private bool _endIsUntold;
    private TransferResult _failure;

    /// <summary>
    /// Also true while an end or a failure is to be told, or the socket to be asked again: no event comes for those either.
    /// </summary>
    internal override bool HoldsBytes => _rest is not null || _hasRecord || _mustAskAgain || _endIsUntold;

    internal override bool IsTruncated => _isTruncated;

    internal override bool PeerHasEnded => _hasEnded && _failure == TransferResult.Success;

    internal override TransferResult Receive(Span<byte> buffer, out int count)
    {
        count = TakeRest(buffer);
        _mustAskAgain = false;
        _loop.Window.Open(_kept, _loop.Pool);
        _kept = null;
        TransferResult result = Fill(buffer, ref count);
        KeepReceived();

        // A record may have made SslStream write: an answer to a change of keys, for example.
        SendMade();
        _endIsUntold = count > 0 && (_hasEnded || _failure != TransferResult.Success);
        if (count > 0)
        {
            return TransferResult.Success;
        }

        return result == TransferResult.Success && !_hasEnded ? TransferResult.WouldBlock : result;
    }

    /// <summary>Fills the buffer, as far as records have come: one that is not full says that the socket has no more.</summary>
    private TransferResult Fill(Span<byte> buffer, ref int count)
    {
        bool mayHaveMore = true;
        while (true)
        {
            if (!DecryptRecords(buffer, ref count))
            {
                return _failure;
            }

            if (count == buffer.Length || !mayHaveMore)
            {
                return TransferResult.Success;
            }

            TransferResult result = _loop.Window.Receive(
                Socket, Math.Max(buffer.Length - count, CipherWindow.LargestRecord), out int got, out mayHaveMore);
            if (result != TransferResult.Success || got == 0)
            {
                return Conclude(result, count);
            }
        }
    }

    /// <summary>Decrypts whole records until the buffer is full. Returns whether more may follow.</summary>
    private bool DecryptRecords(Span<byte> buffer, ref int count)
    {
        CipherWindow window = _loop.Window;
        while (!_hasEnded && _failure == TransferResult.Success)
        {
            if (count == buffer.Length)
            {
                return true;
            }

            if (window.IsGarbage)
            {
                _failure = TransferResult.Reset;
                return false;
            }

            if (!window.HasRecord)
            {
                return true;
            }

            count += Decrypt(buffer[count..]);
        }

        return false;
    }

    private unsafe int Decrypt(Span<byte> buffer)
    {
        bool fits = buffer.Length >= CipherWindow.LargestPlain;
        Span<byte> target = fits ? buffer[..CipherWindow.LargestPlain] : _loop.Scratch;
        int count;
        fixed (byte* address = target)
        {
            _loop.Plain.PointTo(address, target.Length);
            count = ReadRecord();
            _loop.Plain.Clear();
        }

        if (!fits && count > 0)
        {
            int fitting = Math.Min(count, buffer.Length);
            target[..fitting].CopyTo(buffer);
            _rest = fitting < count ? _loop.Pool.Keep(target[fitting..count]) : null;
            count = fitting;
        }

        return count;
    }

    /// <summary>Gives SslStream one record. Returns how many plain bytes it had.</summary>
    [SuppressMessage("Reliability", "CA2012", Justification = "The read that waits is kept, and its result taken once, when it is complete.")]
    private int ReadRecord()
    {
        try
        {
            _wire.Give(_loop.Window.TakeRecord());
            if (!_isReading)
            {
                _read = _session.ReadAsync(_loop.PlainMemory);
            }

            // A record without plain bytes leaves it waiting for the next.
            _isReading = !_read.IsCompleted;
            if (_isReading)
            {
                return 0;
            }

            int count = _read.GetAwaiter().GetResult();

            // The stream beneath has not ended: it is the peer's close_notify.
            _hasEnded = count == 0;
            return count;
        }
        catch (Exception exception) when (HandshakeFailure.IsOfTls(exception))
        {
            _isReading = false;
            _wire.Drop();
            _failure = TransferResult.Reset;
            return 0;
        }
    }

    /// <summary>Notes what a receive came to that brought nothing; plain bytes that are here go ahead of it.</summary>
    private TransferResult Conclude(TransferResult result, int count)
    {
        _mustAskAgain = result == TransferResult.TryAgain && count > 0;
        if (result == TransferResult.Success && _sendFailure != TransferResult.Success)
        {
            // A socket tells of a reset once, and it has told the sender.
            result = _sendFailure;
        }

        switch (result)
        {
            case TransferResult.Success:
                _hasEnded = _isTruncated = true;
                break;
            case TransferResult.Reset or TransferResult.Lost:
                _failure = result;
                break;
        }

        return result;
    }

    private int TakeRest(Span<byte> buffer)
    {
        if (_rest is not { } rest)
        {
            return 0;
        }

        int count = Math.Min(rest.Count, buffer.Length);
        rest.Span[..count].CopyTo(buffer);
        rest.Advance(count);
        if (rest.Count == 0)
        {
            Return(ref _rest);
        }

        return count;
    }

    private void KeepReceived()
    {
        _kept = _loop.Window.Close(_loop.Pool);
        if (_hasEnded || _failure != TransferResult.Success)
        {
            // Behind a close_notify or a fault nothing counts.
            Return(ref _kept);
            _mustAskAgain = false;
        }

        _hasRecord = _kept is { } kept && CipherWindow.HasRecordIn(kept.Span);
    }
}
