namespace ProxyCore.Cli.Top;

/// <summary>An admin page does not answer as it should; the message says which and why.</summary>
internal sealed class AdminClientException(string message, Exception? innerException = null) : Exception(message, innerException);
