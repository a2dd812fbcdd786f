namespace ProxyCore;

/// <summary>Which clients may connect, by their addresses.</summary>
/// <remarks>
/// <para>
/// An entry is an address (<c>192.0.2.7</c>, <c>2001:db8::1</c>) or a range in CIDR notation (<c>10.0.0.0/8</c>) without bits
/// behind its prefix. An IPv4-mapped address is the IPv4 one, so that <c>::/0</c> stands for IPv6 clients only. How long a
/// list is does not change what a look-up costs.
/// </para>
/// <para>
/// A client of a Unix socket has no address and is always let in: the permissions of the socket file decide there.
/// </para>
/// </remarks>
public sealed class AccessOptions
{
    /// <summary>
    /// The only clients that may connect. Default empty: all may, unless <see cref="AllowFiles"/> names a file.
    /// </summary>
    public IList<string> Allow { get; private set; } = [];

    /// <summary>The clients that may not connect, even if they are among the allowed ones. Default empty.</summary>
    public IList<string> Deny { get; private set; } = [];

    /// <summary>
    /// Files with more entries of <see cref="Allow"/>: one a line; <c>#</c> begins a comment. Default empty. A file without
    /// an entry allows nobody. A file has at most 16 MB and 1,000,000 entries.
    /// </summary>
    /// <remarks>
    /// A file that has changed is read again within two seconds. One that can't be read is an error at the start; later the
    /// entries that were read before stay.
    /// </remarks>
    public IList<string> AllowFiles { get; private set; } = [];

    /// <summary>Files with more entries of <see cref="Deny"/>, in the form of <see cref="AllowFiles"/>. Default empty.</summary>
    public IList<string> DenyFiles { get; private set; } = [];

    /// <summary>
    /// Whether open connections of a client end when a change of the lists no longer lets it in. Default false: they go on.
    /// </summary>
    public bool EndDenied { get; set; }

    /// <summary>The same options in an object of its own.</summary>
    internal AccessOptions Copy() => new()
    {
        Allow = [.. Allow],
        Deny = [.. Deny],
        AllowFiles = [.. AllowFiles],
        DenyFiles = [.. DenyFiles],
        EndDenied = EndDenied,
    };
}
