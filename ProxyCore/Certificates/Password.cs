using System.Text;

namespace ProxyCore.Certificates;

/// <summary>The first line of a password file.</summary>
internal sealed class Password : IDisposable
{
    private readonly Secret<byte> _bytes;
    private readonly Secret<char> _characters;

    private Password(CertificateFile file, Secret<byte> bytes, Secret<char> characters)
    {
        Path = file.Path;
        OthersMayRead = file.OthersMayRead;
        _bytes = bytes;
        _characters = characters;
    }

    /// <summary>The file that it is from.</summary>
    internal string Path { get; }

    /// <summary>See <see cref="CertificateFile.OthersMayRead"/>.</summary>
    internal bool OthersMayRead { get; }

    /// <summary>As it is in the file, for keys of the traditional kind.</summary>
    internal ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>As characters, of which PKCS #8 and PKCS #12 make bytes each in its own way.</summary>
    internal ReadOnlySpan<char> Characters => _characters.Span;

    /// <exception cref="CertificateException">The file can't be read, or is not text.</exception>
    internal static Password Read(string path)
    {
        using CertificateFile file = CertificateFile.Read(path);
        ReadOnlySpan<byte> line = file.Content.Span;
        line = line.StartsWith(Encoding.UTF8.Preamble) ? line[Encoding.UTF8.Preamble.Length..] : line;
        int end = line.IndexOf((byte)'\n');
        line = (end < 0 ? line : line[..end]).TrimEnd((byte)'\r');
        if (!System.Text.Unicode.Utf8.IsValid(line))
        {
            throw file.Error("the first line, the password, is not UTF-8");
        }

        var bytes = new Secret<byte>(line.Length);
        line.CopyTo(bytes.Buffer);
        var characters = new Secret<char>(Encoding.UTF8.GetCharCount(line));
        Encoding.UTF8.GetChars(line, characters.Buffer);
        return new Password(file, bytes, characters);
    }

    public void Dispose()
    {
        _bytes.Dispose();
        _characters.Dispose();
    }
}
