using System.Text.Json.Nodes;

namespace ProxyCore.Tests.Configuration;

/// <summary>Makes what chance has written of TLS keep the rules that concern several keys.</summary>
internal static class GeneratedTls
{
    /// <param name="route">A route.</param>
    /// <param name="file">Makes a file that may stand for each one of TLS.</param>
    internal static void Complete(JsonObject route, Func<JsonNode> file)
    {
        JsonNode?[] listeners = [.. route["Listen"]!.AsArray().Select(static listen => (listen as JsonObject)?["Tls"])];
        foreach (JsonObject tls in listeners.OfType<JsonObject>())
        {
            RequireCa(tls, file);
        }

        CompleteRoute(route, isEncrypted: Array.TrueForAll(listeners, static tls => tls is not null), file);
        foreach (JsonNode? upstream in route["Upstreams"]!.AsArray())
        {
            // A Unix socket has no name of its own.
            if (upstream!["Tls"] is JsonObject tls && upstream["Address"]!.ToString().StartsWith("unix:", StringComparison.Ordinal))
            {
                tls["ServerName"] ??= "socket.example";
            }
        }
    }

    private static void CompleteRoute(JsonObject route, bool isEncrypted, Func<JsonNode> file)
    {
        // Each endpoint has one route, and must not pass all of its TLS on.
        if (route.ContainsKey("Tls"))
        {
            route["Tls"] = "Terminate";
        }

        if (!isEncrypted || !IsAsked(route))
        {
            route.Remove("ClientCa");
        }

        if (!isEncrypted)
        {
            route.Remove("ClientCertificates");
        }

        RequireCa(route, file);
    }

    private static void RequireCa(JsonObject options, Func<JsonNode> file)
    {
        if (IsAsked(options))
        {
            options["ClientCa"] ??= file();
        }
    }

    private static bool IsAsked(JsonObject options) =>
        options["ClientCertificates"] is { } mode && !mode.ToString().Equals("None", StringComparison.OrdinalIgnoreCase);
}
