using System.Runtime.InteropServices;
using ProxyCore.Platform;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>TLS by .NET's SslStream: the portable engine. Any thread.</summary>
internal sealed class SslStreamEngine : TlsEngine
{
    // src/native/libs/System.Security.Cryptography.Native/opensslshim.c of .NET: what it looks for, in this order.
    private const string VersionOverride = "DOTNET_OPENSSL_VERSION_OVERRIDE";
    private static readonly string[] _libraries = ["libssl.so.3", "libssl.so.1.1", "libssl.so.1.0.2", "libssl.so.1.0.0", "libssl.so.10"];

    private SslStreamEngine()
    {
    }

    internal override string Description => $"SslStream of {RuntimeInformation.FrameworkDescription}";

    /// <summary>Makes the engine, or says in <paramref name="cause"/> what it lacks.</summary>
    /// <remarks>
    /// On Linux SslStream calls OpenSSL, and .NET aborts the process at the first call when it can't be loaded. So that is
    /// tried before.
    /// </remarks>
    internal static SslStreamEngine? TryCreate(out string? cause)
    {
        if (TargetSystem.IsLinux && !CanLoad(Candidates(Environment.GetEnvironmentVariable(VersionOverride))))
        {
            cause = MissingLibrary;
            return null;
        }

        cause = null;
        return new SslStreamEngine();
    }

    /// <summary>What is said when OpenSSL can't be loaded.</summary>
    internal static string MissingLibrary => $"OpenSSL is not installed: none of {string.Join(", ", _libraries)} can be loaded";

    /// <summary>The names under which .NET looks for OpenSSL.</summary>
    /// <param name="version">The version that the environment asks for first; null or empty for none.</param>
    internal static IEnumerable<string> Candidates(string? version) =>
        string.IsNullOrEmpty(version) ? _libraries : _libraries.Prepend($"libssl.so.{version}");

    /// <summary>Whether one of <paramref name="libraries"/> can be loaded. None stays loaded.</summary>
    internal static bool CanLoad(IEnumerable<string> libraries)
    {
        foreach (string library in libraries)
        {
            if (NativeLibrary.TryLoad(library, out nint handle))
            {
                NativeLibrary.Free(handle);
                return true;
            }
        }

        return false;
    }

    internal override TlsContext CreateServerContext(TlsServerParameters parameters) => SslStreamServerContext.Create(parameters);

    internal override TlsContext CreateClientContext(TlsClientParameters parameters) => SslStreamClientContext.Create(parameters);

    internal override TlsLoop CreateLoop(RelayBuffers buffers) => new SslStreamLoop(buffers);
}
