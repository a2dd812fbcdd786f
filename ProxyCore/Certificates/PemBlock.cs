using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace ProxyCore.Certificates;

/// <summary>A block of a PEM file.</summary>
/// <param name="file">The file.</param>
/// <param name="line">The number of the line that it begins with.</param>
/// <param name="label">What kind of block it is: <c>CERTIFICATE</c>.</param>
internal sealed class PemBlock(CertificateFile file, int line, string label)
{
    private ReadOnlyMemory<byte> _body;

    internal CertificateFile File => file;

    internal string Label => label;

    /// <summary>The lines such as <c>Proc-Type: 4,ENCRYPTED</c>, which only traditional keys have; empty without any.</summary>
    internal string Headers { get; private set; } = "";

    /// <summary>An error of this block.</summary>
    /// <param name="cause">What is wrong.</param>
    internal CertificateException Error(string cause) => new(FormattableString.Invariant($"{file.Path}:{line}: {cause}"));

    /// <summary>Takes the lines between the first and the last: headers, an empty line, then base64; or base64 alone.</summary>
    internal void SetLines(ReadOnlyMemory<byte> lines)
    {
        _body = lines;
        if (!lines.Span.Contains((byte)':'))
        {
            return;
        }

        int lastColon = lines.Span.LastIndexOf((byte)':');
        int lineEnd = lines.Span[lastColon..].IndexOf((byte)'\n');
        int headersEnd = lineEnd < 0 ? lines.Length : lastColon + lineEnd + 1;
        Headers = Encoding.ASCII.GetString(lines.Span[..headersEnd]);
        _body = lines[headersEnd..];
    }

    /// <summary>Its content.</summary>
    /// <exception cref="CertificateException">It is not base64.</exception>
    internal Secret<byte> Decode()
    {
        var decoded = new Secret<byte>(Base64.GetMaxDecodedFromUtf8Length(_body.Length));
        OperationStatus status = Base64.DecodeFromUtf8(_body.Span, decoded.Buffer, out _, out int written);
        if (status == OperationStatus.Done && written > 0)
        {
            decoded.SetLength(written);
            return decoded;
        }

        decoded.Dispose();
        throw Error($"the content of this {label} is not base64");
    }
}
