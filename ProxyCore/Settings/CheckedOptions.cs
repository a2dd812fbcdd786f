namespace ProxyCore.Settings;

/// <summary>Options in which no error was found, and what they mean: <see cref="OptionsReader"/> makes both at once.</summary>
internal sealed class CheckedOptions(TcpProxyOptions options, ProxySettings settings)
{
    /// <summary>The options, in objects that nobody else has.</summary>
    internal TcpProxyOptions Options { get; } = options;

    /// <summary>What they mean.</summary>
    internal ProxySettings Settings { get; } = settings;
}
