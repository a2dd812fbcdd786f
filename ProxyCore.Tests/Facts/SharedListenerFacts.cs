using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ProxyCore.Tests.Facts;

/// <summary>What two descriptors of one listening socket do, on which InheritedSockets relies.</summary>
[Platform(Exclude = "Win")]
internal sealed partial class SharedListenerFacts
{
    [Test]
    public void Disposing_one_leaves_the_other_listening_with_the_clients_in_the_queue()
    {
        using Socket listener = Listening();
        Socket duplicate = Duplicate(listener);
        using Socket client = NewTcp();
        client.Connect(listener.LocalEndPoint!);

        duplicate.Dispose();

        using Socket later = NewTcp();
        later.Connect(listener.LocalEndPoint!);
        Assert.That(AcceptAll(listener), Is.EqualTo(2));
    }

    // Why a duplicate is not marked as closed on exec: to unblock a call on another thread, the runtime shuts it down.
    [Test]
    [Platform("Linux")]
    [CancelAfter(20_000)]
    public async Task Disposing_one_that_a_thread_accepts_from_ends_the_other_unless_it_survives_exec([Values] bool survivesExec)
    {
        using Socket listener = Listening();
        EndPoint address = listener.LocalEndPoint!;
        Socket duplicate = Duplicate(listener);
        Assert.That(SetFlags(duplicate.SafeHandle, SetDescriptorFlags, survivesExec ? 0 : CloseOnExec), Is.Zero);
        duplicate.Blocking = true;
        var began = new TaskCompletionSource();
        Task accept = Task.Factory.StartNew(
            () =>
            {
                began.SetResult();
                duplicate.Accept();
            },
            TaskCreationOptions.LongRunning);
        await began.Task;
        await Task.Delay(100);

        Task dispose = Task.Run(duplicate.Dispose);
        using Socket client = NewTcp();
        bool isLet = await Connects(client, address, until: dispose, whenRefused: !survivesExec);
        await Task.WhenAny(accept);
        await dispose;

        Assert.That(isLet, Is.EqualTo(survivesExec));
    }

    // InheritedSockets.Open leaves the file to whoever bound it.
    [Test]
    public void Disposing_one_of_a_unix_socket_keeps_its_file()
    {
        using var file = new UnixSocketPath();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(file.EndPoint);
        listener.Listen(1);

        Duplicate(listener).Dispose();

        Assert.That(file.Path, Does.Exist);
    }

    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;

    private static async Task<bool> Connects(Socket client, EndPoint address, Task until, bool whenRefused)
    {
        if (whenRefused)
        {
            await until;
        }

        try
        {
            client.Connect(address);
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
    }

    private static Socket NewTcp() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private static Socket Listening()
    {
        Socket listener = NewTcp();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(10);
        return listener;
    }

    private static int AcceptAll(Socket listener)
    {
        int accepted = 0;
        for (; listener.Poll(0, SelectMode.SelectRead); accepted++)
        {
            listener.Accept().Dispose();
        }

        return accepted;
    }

    private static Socket Duplicate(Socket socket) => new(new SafeSocketHandle(Dup(socket.SafeHandle), ownsHandle: true));

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Dup(SafeHandle descriptor);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int SetFlags(SafeHandle descriptor, int command, int flags);
}
