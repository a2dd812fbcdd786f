using System.Diagnostics;

namespace ProxyCore.Bench.Peers;

/// <summary>The proxy that everybody writes in Go, built from source where Go is installed.</summary>
internal static class GoProxy
{
    private const string Source = """
        package main

        import (
            "io"
            "log"
            "net"
            "os"
        )

        func relay(client net.Conn, upstream string) {
            server, err := net.Dial("tcp", upstream)
            if err != nil {
                client.Close()
                return
            }
            go func() {
                io.Copy(server, client)
                server.(*net.TCPConn).CloseWrite()
            }()
            io.Copy(client, server)
            client.Close()
            server.Close()
        }

        func main() {
            listener, err := net.Listen("tcp", os.Args[1])
            if err != nil {
                log.Fatal(err)
            }
            for {
                client, err := listener.Accept()
                if err != nil {
                    log.Fatal(err)
                }
                go relay(client, os.Args[2])
            }
        }
        """;

    internal static Contender Build(string go) => new("Go io.Copy", place =>
    {
        string program = Path.Combine(place.Folder, "go-proxy");
        if (!File.Exists(program))
        {
            string source = Path.Combine(place.Folder, "main.go");
            File.WriteAllText(source, Source);
            using Process build = Process.Start(go, ["build", "-o", program, source]);
            build.WaitForExit();
        }

        return ChildProcess.Start(program, $"127.0.0.1:{place.Port}", $"127.0.0.1:{place.Upstream}");
    });
}
