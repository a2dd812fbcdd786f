namespace ProxyCore.Settings;

/// <summary>The options of an access log once they are checked: immutable.</summary>
/// <param name="Path">The file, as a whole path; null for the logger.</param>
/// <param name="Format">What a line of the file looks like.</param>
internal sealed record AccessLogSettings(string? Path, AccessLogFormat Format);
