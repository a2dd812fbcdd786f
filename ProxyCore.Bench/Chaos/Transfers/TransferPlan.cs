using System.Buffers.Binary;

namespace ProxyCore.Bench.Chaos.Transfers;

/// <summary>What the two ends of a transfer do. The client tells the server in the first bytes.</summary>
/// <param name="Number">The number of the transfer: it gives the client's address and the bytes.</param>
/// <param name="Kind">How the ends behave.</param>
/// <param name="Up">How many bytes the client sends after the header.</param>
/// <param name="Down">How many bytes the server sends after its banner.</param>
/// <param name="Rounds">Into how many requests and answers the bytes are divided.</param>
/// <param name="ServerPause">How long the server waits before each read, in ms; more than 0 makes it a slow reader.</param>
/// <param name="ClientPause">The same of the client; before each request where it sends requests.</param>
internal sealed record TransferPlan(
    int Number, TransferKind Kind, int Up, int Down, int Rounds = 1, int ServerPause = 0, int ClientPause = 0)
{
    internal const int HeaderBytes = 32;

    private const ulong Magic = 0x50_43_43_68_61_6F_73_31;

    /// <summary>Whether both ends are to get every byte and a FIN.</summary>
    internal bool IsToBeWhole =>
        Kind is TransferKind.BothWays or TransferKind.Requests or TransferKind.ClientFinishesFirst or TransferKind.ServerFinishesFirst;

    internal byte[] ToHeader()
    {
        var header = new byte[HeaderBytes];
        BinaryPrimitives.WriteUInt64BigEndian(header, Magic);
        int[] fields = [Number, (int)Kind, Up, Down, Rounds, ServerPause];
        for (int index = 0; index < fields.Length; index++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8 + (index * sizeof(int))), fields[index]);
        }

        return header;
    }

    /// <summary>The plan in <paramref name="header"/>, or null when it is none.</summary>
    internal static TransferPlan? FromHeader(ReadOnlySpan<byte> header)
    {
        if (header.Length != HeaderBytes || BinaryPrimitives.ReadUInt64BigEndian(header) != Magic)
        {
            return null;
        }

        int[] fields = new int[6];
        for (int index = 0; index < fields.Length; index++)
        {
            fields[index] = BinaryPrimitives.ReadInt32BigEndian(header[(8 + (index * sizeof(int)))..]);
        }

        return new TransferPlan(fields[0], (TransferKind)fields[1], fields[2], fields[3], fields[4], fields[5]);
    }
}
