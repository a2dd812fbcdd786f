using System.Net.Sockets;

namespace ProxyCore;

/// <summary>The proxy can't listen on one of its endpoints. The message names the endpoint and the cause.</summary>
public sealed class ListenException : IOException
{
    /// <summary>Makes one for <paramref name="endpoint"/>.</summary>
    /// <param name="endpoint">The endpoint as it was written.</param>
    /// <param name="cause">What is wrong, as the end of a sentence.</param>
    /// <param name="socketError">What the system said, or <see cref="SocketError.SocketError"/> when it said nothing.</param>
    /// <param name="innerException">The exception that tells it, if there is one.</param>
    public ListenException(
        string endpoint, string cause, SocketError socketError = SocketError.SocketError, Exception? innerException = null)
        : base($"Cannot listen on {endpoint}: {cause}", innerException)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(cause);
        Endpoint = endpoint;
        SocketError = socketError;
    }

    /// <summary>The endpoint as it was written.</summary>
    public string Endpoint { get; }

    /// <summary>What the system said.</summary>
    public SocketError SocketError { get; }
}
