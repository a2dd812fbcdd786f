using System.Text;

namespace ProxyCore.Certificates;

/// <summary>
/// Reads the blocks of a PEM file; text around them is allowed. .NET's own reader leaves out blocks that are not complete, so that
/// a chain whose end is missing would be served as it is, and blocks with headers.
/// </summary>
internal static class PemText
{
    // RFC 7468 has no limit. Those in use have up to 21 characters.
    private const int LongestLabel = 64;

    private static ReadOnlySpan<byte> Begin => "-----BEGIN "u8;

    private static ReadOnlySpan<byte> End => "-----END "u8;

    private static ReadOnlySpan<byte> Dashes => "-----"u8;

    /// <summary>Whether the content is PEM.</summary>
    internal static bool IsIn(ReadOnlySpan<byte> content) => content.IndexOf(Begin) >= 0;

    /// <summary>Reads all blocks.</summary>
    /// <exception cref="CertificateException">A block is not complete.</exception>
    internal static List<PemBlock> Read(CertificateFile file)
    {
        List<PemBlock> blocks = [];
        PemBlock? open = null;
        int number = 0;
        int bodyStart = 0;
        ReadOnlySpan<byte> content = file.Content.Span;
        foreach (Range range in content.Split((byte)'\n'))
        {
            number++;
            (int start, int length) = range.GetOffsetAndLength(content.Length);
            ReadOnlySpan<byte> line = WithoutMark(content.Slice(start, length)).TrimEnd(" \t\r"u8);
            if (LabelOf(line, Begin) is string begun)
            {
                if (open is not null)
                {
                    break;
                }

                open = new PemBlock(file, number, begun);
                bodyStart = Math.Min(start + length + 1, content.Length);
            }
            else if (open is not null && LabelOf(line, End) == open.Label)
            {
                open.SetLines(file.Content[bodyStart..start]);
                blocks.Add(open);
                open = null;
            }
        }

        return open is null ? blocks : throw open.Error($"the end of this {open.Label} is missing");
    }

    // Editors of Windows write a mark of the encoding ahead of the first line.
    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> line) =>
        line.StartsWith(Encoding.UTF8.Preamble) ? line[Encoding.UTF8.Preamble.Length..] : line;

    /// <summary>What stands between the beginning of a line and its dashes; null if the line is another one.</summary>
    private static string? LabelOf(ReadOnlySpan<byte> line, ReadOnlySpan<byte> prefix)
    {
        if (!line.StartsWith(prefix) || !line.EndsWith(Dashes) || line.Length <= prefix.Length + Dashes.Length)
        {
            return null;
        }

        ReadOnlySpan<byte> label = line[prefix.Length..^Dashes.Length];
        bool isLabel = label.Length <= LongestLabel && !label.ContainsAnyExceptInRange((byte)' ', (byte)'~');
        return isLabel ? Encoding.ASCII.GetString(label) : null;
    }
}
