namespace ProxyCore.Settings;

/// <summary>The versions of the PROXY protocol that a listener accepts.</summary>
[Flags]
internal enum ProxyVersions
{
    None = 0,
    V1 = 1,
    V2 = 2,
    Both = V1 | V2,
}
