namespace ProxyCore.Cli.Top;

/// <summary>What a piece of text stands for; a terminal shows it as a colour or in bold.</summary>
internal enum Shade
{
    /// <summary>A plain value.</summary>
    Plain,

    /// <summary>A heading, or a hint about keys.</summary>
    Faint,

    /// <summary>What is chosen, or a title.</summary>
    Strong,

    /// <summary>It works.</summary>
    Good,

    /// <summary>It works in part, or an operator wants it so.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Bad,
}
