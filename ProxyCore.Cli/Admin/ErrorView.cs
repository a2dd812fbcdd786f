namespace ProxyCore.Cli.Admin;

/// <summary>The JSON of an error.</summary>
internal sealed record ErrorView(string Error);
