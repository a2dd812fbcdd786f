namespace ProxyCore.Cli.Admin;

/// <summary>Why there is no answer, as JSON.</summary>
internal sealed record ErrorView(string Error);
