using System.Net.Sockets;

namespace ProxyCore.Loop;

/// <summary>The error numbers of Linux's system calls, as .NET names them.</summary>
/// <remarks>
/// .NET has this table too, but only inside the calls that throw. They can't be asked when things go wrong: the first
/// failure of such a call loads an assembly, and where that fails for want of a descriptor it never succeeds again.
/// </remarks>
internal static class LinuxErrors
{
    // include/uapi/asm-generic/errno-base.h and errno.h
    internal static SocketError Name(int error) => error switch
    {
        0 => SocketError.Success,
        1 or 13 => SocketError.AccessDenied, // EPERM, EACCES
        2 or 99 => SocketError.AddressNotAvailable, // ENOENT of a Unix socket, EADDRNOTAVAIL
        4 => SocketError.Interrupted, // EINTR
        11 => SocketError.WouldBlock, // EAGAIN
        12 or 105 => SocketError.NoBufferSpaceAvailable, // ENOMEM, ENOBUFS
        22 => SocketError.InvalidArgument, // EINVAL
        23 or 24 => SocketError.TooManyOpenSockets, // ENFILE, EMFILE
        32 or 108 => SocketError.Shutdown, // EPIPE, ESHUTDOWN
        71 or 92 => SocketError.ProtocolOption, // EPROTO, ENOPROTOOPT
        95 => SocketError.OperationNotSupported, // EOPNOTSUPP
        97 => SocketError.AddressFamilyNotSupported, // EAFNOSUPPORT
        98 => SocketError.AddressAlreadyInUse, // EADDRINUSE
        64 or 100 => SocketError.NetworkDown, // ENONET, ENETDOWN
        101 => SocketError.NetworkUnreachable, // ENETUNREACH
        103 => SocketError.ConnectionAborted, // ECONNABORTED
        104 => SocketError.ConnectionReset, // ECONNRESET
        107 => SocketError.NotConnected, // ENOTCONN
        110 => SocketError.TimedOut, // ETIMEDOUT
        111 => SocketError.ConnectionRefused, // ECONNREFUSED
        112 => SocketError.HostDown, // EHOSTDOWN
        113 => SocketError.HostUnreachable, // EHOSTUNREACH
        115 => SocketError.InProgress, // EINPROGRESS
        _ => SocketError.SocketError,
    };
}
