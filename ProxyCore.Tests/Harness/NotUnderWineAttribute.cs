namespace ProxyCore.Tests.Harness;

/// <summary>A category that <c>.ci/portable</c> leaves out where Wine stands in for Windows.</summary>
/// <param name="reason">What Wine lacks.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class NotUnderWineAttribute(string reason) : CategoryAttribute
{
    internal const string AnyKeepAlive = "Wine 8.0 takes any keepalive time.";
    internal const string Exceptions = "Wine 8.0 often does not return from a second exception of a process.";
    internal const string NoLinks = "Wine 8.0 does not follow symbolic links that a program has made.";
    internal const string NoSchannel = "Wine 8.0 has no Schannel that .NET can use.";
    internal const string NoUnixSockets = "Wine 8.0 has no Unix sockets.";
    internal const string OwnCosts = "What Select costs under Wine is the cost of Wine.";
    internal const string ResetInQueue = "Wine 8.0 fails to accept a client that has reset: error 10057.";
    internal const string ResetIsEnd = "Wine 8.0 reads 0 bytes after the peer's reset, as after its FIN.";

    internal string Reason { get; } = reason;
}
