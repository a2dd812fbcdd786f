using System.Net.Sockets;
using ProxyCore.Platform;

namespace ProxyCore.Connections.Listening;

/// <summary>The file of a Unix socket that is bound: removed with the listener, unless another process has replaced it.</summary>
internal sealed class UnixSocketFile
{
    // ENXIO, on Linux and macOS alike: what open(2) says of a socket. An IOException carries errno as its HResult.
    private const int NoSuchDevice = 6;

    private readonly string _path;
    private readonly FileIdentity? _identity;
    private bool _isRemoved;

    /// <summary>Remembers the file at <paramref name="path"/>, which a bind has just made.</summary>
    internal UnixSocketFile(string path)
    {
        _path = path;
        _identity = FileIdentity.Of(path);
    }

    /// <summary>
    /// Removes the file, if it is still the same, so that no further client finds the socket. Only while the socket is
    /// open: that keeps the inode from being given to another file. Any thread.
    /// </summary>
    internal void Remove()
    {
        if (!_isRemoved && _identity is { } own && FileIdentity.Of(_path) == own)
        {
            _isRemoved = true;
            TryDelete(_path);
        }
    }

    /// <summary>Removes the file and closes <paramref name="socket"/>. Any thread.</summary>
    internal void Close(Socket socket)
    {
        Remove();
        socket.Dispose();

        // Where files have no identity, a socket that no process listens on is taken for the own one.
        if (_identity is null && !IsLive(_path))
        {
            TryDelete(_path);
        }
    }

    /// <summary>Removes the file of a socket that no process listens on any more.</summary>
    /// <exception cref="ListenException">A process listens on it, the file is no socket, or the folder does not exist.</exception>
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

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The folder has been removed or protected: then the file is not in the way of anything of ours.
        }
    }

    private static bool IsSocket(string path)
    {
        // There it is a reparse point, as a link is, and can't be opened as a file.
        if (TargetSystem.RunsOnWindows)
        {
            return File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint) && new FileInfo(path).LinkTarget is null;
        }

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
            // WouldBlock is a full backlog: a process listens.
            return exception.SocketErrorCode is not SocketError.ConnectionRefused;
        }
    }
}
