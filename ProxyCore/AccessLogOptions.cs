namespace ProxyCore;

/// <summary>Where one event for each connection goes, at its end: from where to where, how much, how long, and why it ended.</summary>
/// <remarks>
/// Written off the loops, which never wait for it: what does not fit into a queue of 8192 connections, and what can't be
/// written, is dropped and counted (<see cref="TcpProxyStatistics.AccessLogDropped"/>). While there is an access log each
/// connection costs one system call more, for the client's address, and some 100 bytes.
/// </remarks>
public sealed class AccessLogOptions
{
    /// <summary>
    /// The file that lines are added to, made when it is not there, for its owner to write and its group to read. It may
    /// be renamed, removed or truncated at any time. Default null: each event goes to the logger of category
    /// <c>ProxyCore.Access</c>, at level Information, as properties.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>What a line of the file looks like; a logger has its own form. Default <see cref="AccessLogFormat.Text"/>.</summary>
    public AccessLogFormat Format { get; set; }

    /// <summary>The same options in an object of its own.</summary>
    internal AccessLogOptions Copy() => (AccessLogOptions)MemberwiseClone();
}
