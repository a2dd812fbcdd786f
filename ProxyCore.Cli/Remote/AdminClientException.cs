namespace ProxyCore.Cli.Remote;

/// <summary>The admin page gave no valid answer; the message says which page and why.</summary>
internal sealed class AdminClientException(string message, Exception? innerException = null) : Exception(message, innerException);
