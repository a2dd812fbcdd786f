using System.Reflection;
using System.Runtime.InteropServices;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>TLS by the OpenSSL of the system, version 3.</summary>
internal sealed unsafe class OpenSslEngine : TlsEngine
{
    private const nuint OldestVersion = 0x3000_0000;

    private OpenSslEngine(string description) => Description = description;

    internal override string Description { get; }

    /// <summary>Loads the library; null where there is none that fits. Any thread, any number of times.</summary>
    /// <param name="cause">Why there is none, as a part of a sentence.</param>
    internal static OpenSslEngine? TryLoad(out string? cause)
    {
        // Looked for before it is called: a call into a library that is missing ends a native program at once.
        if (!IsThere(NativeCrypto.Library, out cause) || !IsThere(NativeSsl.Library, out cause))
        {
            return null;
        }

        // The first call of all: by default OpenSSL frees all that it has when the process exits, and threads that are in
        // it at that moment crash.
        _ = NativeSsl.OPENSSL_init_ssl(NativeSsl.InitNoAtExit, 0);
        string version = Version();
        if (NativeCrypto.OpenSSL_version_num() < OldestVersion)
        {
            cause = $"{version} is older than 3.0";
            return null;
        }

        return new OpenSslEngine(version);
    }

    internal override TlsContext CreateServerContext(TlsServerParameters parameters) => OpenSslContext.ForServer(parameters);

    internal override TlsContext CreateClientContext(TlsClientParameters parameters) => OpenSslContext.ForClient(parameters);

    internal override TlsLoop CreateLoop(RelayBuffers buffers) => new OpenSslLoop(buffers);

    private static bool IsThere(string library, out string? cause)
    {
        // Stays loaded for good: the imports use it.
        bool isThere = NativeLibrary.TryLoad(library, Assembly.GetExecutingAssembly(), DllImportSearchPath.System32, out _);
        cause = isThere ? null : $"{library} can't be loaded";
        return isThere;
    }

    /// <summary>The name and the number, without the date that follows.</summary>
    private static string Version()
    {
        string[] words = OpenSslErrors.Constant(NativeCrypto.OpenSSL_version(0)).Split(' ');
        return string.Join(' ', words.Take(2));
    }
}
