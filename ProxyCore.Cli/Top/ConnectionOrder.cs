namespace ProxyCore.Cli.Top;

/// <summary>Which connections come first.</summary>
internal enum ConnectionOrder
{
    /// <summary>Those that carry most bytes a second.</summary>
    Busiest,

    /// <summary>Those that are open longest.</summary>
    Oldest,
}
