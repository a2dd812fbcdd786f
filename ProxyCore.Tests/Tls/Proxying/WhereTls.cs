namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>The sides of a connection that speak TLS.</summary>
[Flags]
internal enum WhereTls
{
    Client = 1,
    Upstream = 2,
    Both = Client | Upstream,
}
