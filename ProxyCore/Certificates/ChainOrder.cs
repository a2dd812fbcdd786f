using System.Security.Cryptography.X509Certificates;

namespace ProxyCore.Certificates;

/// <summary>The order in which the certificates of a file are sent: each is followed by the one that has issued it.</summary>
internal static class ChainOrder
{
    /// <summary>
    /// Sorts certificates. Those that do not belong to the chain stay at its end, in the order of the file: they may be another
    /// way to a root that clients know.
    /// </summary>
    /// <param name="certificates">The certificates of a file.</param>
    /// <param name="leaf">The one that the key belongs to.</param>
    internal static IReadOnlyList<ReadOnlyMemory<byte>> Sort(IReadOnlyList<X509Certificate2> certificates, X509Certificate2 leaf)
    {
        List<X509Certificate2> rest = [.. certificates];
        List<ReadOnlyMemory<byte>> chain = [];
        for (X509Certificate2? next = leaf; next is not null; next = IssuerOf(next, rest))
        {
            Move(next, rest, chain);
        }

        while (rest is [var first, ..])
        {
            Move(first, rest, chain);
        }

        return chain;
    }

    /// <summary>Adds a certificate to the chain, and leaves out its copies.</summary>
    private static void Move(X509Certificate2 certificate, List<X509Certificate2> rest, List<ReadOnlyMemory<byte>> chain)
    {
        byte[] der = certificate.RawData;
        rest.RemoveAll(other => other.RawDataMemory.Span.SequenceEqual(der));
        chain.Add(der);
    }

    private static X509Certificate2? IssuerOf(X509Certificate2 certificate, List<X509Certificate2> others) =>
        others.Find(other => other.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData));
}
