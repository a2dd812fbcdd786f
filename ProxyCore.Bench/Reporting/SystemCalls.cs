namespace ProxyCore.Bench.Reporting;

/// <summary>The section of the page on system calls. They are counted by hand: strace slows down what it counts.</summary>
internal static class SystemCalls
{
    internal const string Text =
        """
        ## System calls of a short connection

        One request, and the server closes first; calls a connection, counted over 960 connections, 16 at a time, with

        ```sh
        strace -f -c -p PID    # of each proxy in turn, under the same load
        ```

        | call                   | ProxyCore |  HAProxy | what ProxyCore needs it for                                        |
        | ---------------------- | --------: | -------: | ------------------------------------------------------------------ |
        | accept4                |       1.0 |      1.0 |                                                                    |
        | poll before the accept |       0.9 |        – | the listener blocks: a non-blocking one costs .NET two calls more  |
        | socket, connect        |       2.0 |      2.0 |                                                                    |
        | fcntl                  |       1.0 |      1.0 | the connect does not wait                                          |
        | setsockopt             |       4.0 |      2.0 | no delay, keepalive and its time, one acknowledgement less         |
        | getsockopt             |       1.0 |        – | whether the connect has succeeded                                  |
        | recvfrom, sendto       |       6.0 |      6.0 |                                                                    |
        | shutdown               |       2.0 |      1.0 | the second also tells whether the server has reset the connection  |
        | close                  |       2.0 |      2.0 |                                                                    |
        | epoll_ctl              |       0.0 |      3.0 |                                                                    |
        | **all but the waits**  |  **19.9** | **18.0** | 28.2 with `new Socket(SafeSocketHandle)` and SO_ERROR before a FIN |
        | Select, epoll_wait     |       0.4 |      0.3 |                                                                    |

        Packets cost more than calls. A server's answer and its FIN go to the client in one packet when both have come, and the
        request to the server carries the acknowledgement of the connect: two packets less.
        """;
}
