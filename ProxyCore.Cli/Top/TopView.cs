namespace ProxyCore.Cli.Top;

/// <summary>A section of the screen; one is shown at a time.</summary>
internal enum TopView
{
    /// <summary>The routes, with their upstreams below them.</summary>
    Routes,

    /// <summary>The busiest connections and those that are open longest.</summary>
    Connections,

    /// <summary>The loops.</summary>
    Loops,

    /// <summary>Why connections have ended.</summary>
    Ended,

    /// <summary>The faults on purpose, where there are any.</summary>
    Toxics,

    /// <summary>The certificates, where there are any.</summary>
    Certificates,
}
