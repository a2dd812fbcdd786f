using System.Net.Sockets;

namespace ProxyCore.Connections.Listening;

/// <summary>What stands in the way of a Unix socket that is to be bound.</summary>
internal static class UnixSocketFile
{
    // ENXIO, on Linux and macOS alike: what open(2) says of a socket. An IOException carries errno as its HResult.
    private const int NoSuchDevice = 6;

    /// <summary>Removes the file of a socket that nobody listens on any more.</summary>
    /// <exception cref="ListenException">Somebody listens on it, the file is no socket, or there is no such folder.</exception>
    internal static void RemoveStale(ProxyEndpoint endpoint)
    {
        string path = endpoint.Path!;
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            throw new ListenException(endpoint.ToString(), "the folder does not exist", SocketError.AddressNotAvailable);
        }

        if (!File.Exists(path) && !Directory.Exists(path))
        {
            return;
        }

        if (!IsSocket(path))
        {
            throw new ListenException(endpoint.ToString(), "the file exists and is no socket");
        }

        if (IsLive(path))
        {
            throw new ListenException(
                endpoint.ToString(), "another process listens on it", SocketError.AddressAlreadyInUse);
        }

        File.Delete(path);
    }

    private static bool IsSocket(string path)
    {
        try
        {
            // For reading and writing: opening a FIFO for one of them alone would block.
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).Dispose();
            return false;
        }
        catch (IOException exception)
        {
            return exception.HResult == NoSuchDevice;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsLive(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException exception)
        {
            // WouldBlock is a full backlog: somebody is there.
            return exception.SocketErrorCode is not SocketError.ConnectionRefused;
        }
    }
}
