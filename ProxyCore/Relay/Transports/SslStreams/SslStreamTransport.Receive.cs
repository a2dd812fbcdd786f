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
    private bool _socketMayHaveMore;
    private bool _hasEnded;
    private bool _isTruncated;
    private bool _endIsUntold;
    private TransferResult _failure;

    /// <summary>
    /// Also true while the socket may have more than was received, and while an end or a failure is to be told: no event
    /// comes for those either.
    /// </summary>
    internal override bool HoldsBytes => _rest is not null || _hasRecord || _socketMayHaveMore || _endIsUntold;

    internal override bool IsTruncated => _isTruncated;

    internal override TransferResult Receive(Span<byte> buffer, out int count)
    {
        count = TakeRest(buffer);
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

    private TransferResult Fill(Span<byte> buffer, ref int count)
    {
        bool isAsked = false;
        while (true)
        {
            if (!DecryptRecords(buffer, ref count))
            {
                return _failure;
            }

            int room = buffer.Length - count;
            bool isWorthIt = !isAsked || (_socketMayHaveMore && (count == 0 || room >= CipherWindow.LargestRecord));
            if (!isWorthIt || room == 0 || _loop.Window.HasRecord)
            {
                // The event that led to this call may have been for bytes that are still in the socket.
                _socketMayHaveMore |= !isAsked;
                return TransferResult.Success;
            }

            isAsked = true;
            TransferResult result = _loop.Window.Receive(
                Socket, Math.Max(room, CipherWindow.LargestRecord), out int got, out _socketMayHaveMore);
            if (result != TransferResult.Success || got == 0)
            {
                return Conclude(result, count);
            }
        }
    }

    /// <summary>Decrypts whole records while they fit. Returns whether more may follow.</summary>
    private bool DecryptRecords(Span<byte> buffer, ref int count)
    {
        CipherWindow window = _loop.Window;
        while (!_hasEnded && _failure == TransferResult.Success)
        {
            if (window.IsGarbage)
            {
                _failure = TransferResult.Reset;
                return false;
            }

            // With a whole record more than fits, the rest would have to be kept: it waits as ciphertext instead.
            if (!window.HasRecord || (count > 0 && buffer.Length - count < window.RecordSize))
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
        _socketMayHaveMore = result == TransferResult.TryAgain && count > 0;
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
            _socketMayHaveMore = false;
        }

        _hasRecord = _kept is { } kept && CipherWindow.HasRecordIn(kept.Span);
    }
}
