namespace ProxyCore.Relay.Transports.OpenSsl;

/// <content>The way from plain bytes to ciphertext.</content>
internal sealed partial class OpenSslTransport
{
    /// <summary>
    /// The most ciphertext that is kept: what is sent at a time, and answers that a peer asks for while it takes nothing.
    /// </summary>
    private const int MostUnsent = OpenSslLoop.BufferSize + (64 * 1024);

    private PendingBytes? _unsent;
    private TransferResult _sendFailure;
    private bool _isCloseSent;

    /// <summary>A record that is made must go out as it is: what is taken counts, though the socket has not taken it yet.</summary>
    internal override TransferResult Send(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        TransferResult result = Flush();
        while (result == TransferResult.Success && count < bytes.Length)
        {
            int taken = Encrypt(bytes[count..]);
            if (taken == 0)
            {
                result = _sendFailure = TransferResult.Reset;
                break;
            }

            count += taken;
            result = SendOutput();
        }

        if (result is TransferResult.Reset or TransferResult.Lost)
        {
            count = 0;
            return result;
        }

        return count > 0 ? TransferResult.Success : result;
    }

    internal override TransferResult Flush()
    {
        if (_unsent is not { } unsent)
        {
            return _sendFailure;
        }

        TransferResult result = SocketTransfer.Send(Socket, unsent.Span, out int sent);
        switch (result)
        {
            case TransferResult.Success when sent < unsent.Count:
                unsent.Advance(sent);
                return TransferResult.WouldBlock;
            case TransferResult.WouldBlock or TransferResult.TryAgain:
                return result;
            default:
                DropUnsent();
                return _sendFailure = result;
        }
    }

    /// <summary>Sends close_notify. Reading goes on.</summary>
    internal override TransferResult EndSending()
    {
        TransferResult result = Flush();
        if (result != TransferResult.Success || _isCloseSent)
        {
            return result;
        }

        _isCloseSent = true;
        _session.Shutdown();
        return SendOutput();
    }

    /// <summary>Encrypts as much as the buffer of the loop has room for; returns how much that was.</summary>
    private int Encrypt(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        while (count < bytes.Length && _loop.HasRoomForRecord)
        {
            if (_session.Write(bytes[count..], out int written) != SessionResult.Done)
            {
                break;
            }

            count += written;
        }

        return count;
    }

    /// <summary>Sends what OpenSSL has written in this call, behind what is kept, and keeps what the socket does not take.</summary>
    private TransferResult SendOutput()
    {
        ReadOnlySpan<byte> output = _loop.Output;
        _loop.ClearOutput();
        if (output.IsEmpty || _sendFailure != TransferResult.Success)
        {
            return _sendFailure;
        }

        if (_unsent is null)
        {
            TransferResult result = SocketTransfer.Send(Socket, output, out int sent);
            if (result is TransferResult.Reset or TransferResult.Lost)
            {
                return _sendFailure = result;
            }

            if (sent == output.Length)
            {
                return TransferResult.Success;
            }

            output = output[sent..];
        }

        return KeepUnsent(output);
    }

    private TransferResult KeepUnsent(ReadOnlySpan<byte> output)
    {
        PendingBytes? before = _unsent;
        int size = output.Length + (before?.Count ?? 0);
        if (size > MostUnsent)
        {
            Fail();
            return _sendFailure = TransferResult.Reset;
        }

        PendingBytes block = _loop.Pool.Rent(size);
        block.Fill(before is null ? default : before.Span);
        output.CopyTo(block.Room);
        block.Append(output.Length);
        DropUnsent();
        _unsent = block;
        return TransferResult.WouldBlock;
    }

    private void DropUnsent()
    {
        if (_unsent is { } unsent)
        {
            _unsent = null;
            _loop.Pool.Return(unsent);
        }
    }
}
