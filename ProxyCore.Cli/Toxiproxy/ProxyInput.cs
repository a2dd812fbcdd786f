using System.Text.Json;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>A proxy as a request describes it. What is null was not given.</summary>
internal sealed record ProxyInput
{
    internal string Name { get; private init; } = "";

    internal string? Listen { get; private init; }

    internal string? Upstream { get; private init; }

    internal bool? Enabled { get; private init; }

    /// <summary>Its toxics, which toxiproxy ignores.</summary>
    internal IReadOnlyList<ToxicEntry> Toxics { get; private init; } = [];

    /// <summary>Reads what is to be changed of a proxy.</summary>
    /// <exception cref="ApiException">It is no such object.</exception>
    internal static ProxyInput ReadChange(JsonElement json) => Read(json, "Proxy", "toxiproxy.Proxy");

    /// <summary>Reads a proxy to be made.</summary>
    /// <exception cref="ApiException">It is no such object, or a field that it needs is missing.</exception>
    internal static ProxyInput ReadNew(JsonElement json)
    {
        ProxyInput proxy = ReadChange(json);
        proxy.RequireFields("");
        _ = GoAddress.ToUpstream(proxy.Upstream!);
        return proxy with { Toxics = ReadToxics(json, "") };
    }

    /// <summary>Reads a list of proxies, of a request or of the configuration file. Nothing is made before all are good.</summary>
    /// <exception cref="ApiException">It is no list, or one of them has an error.</exception>
    internal static IReadOnlyList<ProxyInput> ReadList(JsonElement json)
    {
        // So Go calls a type without a name.
        const string GoType = "struct { toxiproxy.Proxy; Enabled *bool \"json:\\\"enabled\\\"\" }";
        JsonElement[] items = [.. GoJson.Items(json, $"Go value of type []{GoType}")];
        ProxyInput[] proxies = [.. items.Select(static item => Read(item, "", GoType))];
        for (int i = 0; i < proxies.Length; i++)
        {
            proxies[i].RequireFields($" at proxy {i + 1}");
        }

        for (int i = 0; i < proxies.Length; i++)
        {
            string place = $"proxy {i + 1}";
            RequireUpstream(proxies[i].Upstream!, place);
            proxies[i] = proxies[i] with { Toxics = ReadToxics(items[i], place) };
        }

        return proxies;
    }

    private static ProxyInput Read(JsonElement json, string goStruct, string goType)
    {
        var proxy = new ProxyInput();
        foreach (JsonProperty member in GoJson.Members(json, $"Go value of type {goType}"))
        {
            JsonElement value = member.Value;
            proxy = member switch
            {
                _ when member.Is("name") => proxy with { Name = GoJson.Text(value, $"{goStruct}.name", proxy.Name) },
                _ when member.Is("listen") => proxy with { Listen = ReadText(value, $"{goStruct}.listen", proxy.Listen) },
                _ when member.Is("upstream") => proxy with { Upstream = ReadText(value, $"{goStruct}.upstream", proxy.Upstream) },
                _ when member.Is("enabled") => proxy with { Enabled = GoJson.Flag(value, $"{goStruct}.enabled", proxy.Enabled) },
                _ => proxy,
            };
        }

        return proxy;
    }

    private static string? ReadText(JsonElement value, string field, string? present) =>
        value.ValueKind == JsonValueKind.Null ? present : GoJson.Text(value, field, "");

    private static List<ToxicEntry> ReadToxics(JsonElement json, string place)
    {
        var toxics = new List<ToxicEntry>();
        try
        {
            foreach (JsonProperty member in GoJson.Members(json, "").Where(static member => member.Is("toxics")))
            {
                foreach (JsonElement item in GoJson.Items(member.Value, "Go struct field Proxy.toxics of type []toxics.ToxicWrapper"))
                {
                    toxics.Add(ToxicEntry.Read(item, name => toxics.Exists(one => one.Name == name)));
                    ProxyEntry.RequireRoom(toxics.Count);
                }
            }
        }
        catch (ApiException exception) when (place.Length > 0)
        {
            throw exception.At(place);
        }

        return toxics;
    }

    private static void RequireUpstream(string upstream, string place)
    {
        try
        {
            _ = GoAddress.ToUpstream(upstream);
        }
        catch (ApiException exception)
        {
            throw exception.At(place);
        }
    }

    private void RequireFields(string place)
    {
        if (Name.Length == 0)
        {
            throw ApiException.MissingField($"name{place}");
        }

        if (string.IsNullOrEmpty(Upstream))
        {
            throw ApiException.MissingField($"upstream{place}");
        }
    }
}
