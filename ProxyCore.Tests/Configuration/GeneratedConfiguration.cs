using System.Globalization;
using System.Text.Json.Nodes;
using ProxyCore.Cli;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Configuration;

/// <summary>Makes configuration files from the table of keys: good ones, and ones with something wrong. The same for the same seed.</summary>
/// <param name="seed">What chance goes by.</param>
/// <param name="folder">Where a proxy may make Unix sockets and logs; null if none is started.</param>
internal sealed class GeneratedConfiguration(int seed, string? folder = null)
{
    // What a mutation puts in the place of something else. Some of it is right in some places.
    private static readonly string[] _replacements =
    [
        "null", "{}", "[]", "[[]]", "[null]", "{ \"Key\": 1 }", "\"\"", "\"x\"", "\"5s\"", "\"00:00:05\"", "\"1:2\"", "\"5 s\"", "\"-1s\"",
        "\"off\"", "0", "1", "-1", "1.5", "3000", "99999999999", "\"0\"", "\"2\"", "\"+2\"", "\"64k\"", "\"1g\"", "true", "false", "\"TRUE\"",
        "\" true\"", "\"json\"", "\"roundROBIN\"", "\"10/s\"", "\"10/d\"", "\"0/m\"", "\"WAIT\"", "\"client\"", "[\"client\"]", "\"1.3\"", "\"required\"", "\"passthrough\"", "\"localhost:70000\"", "\"1.2.3:80\"", "\"*:0\"", "\"[::1]:9\"", "\"[::1:9\"", "\"::1:9\"", "\"10.0.0.1/8\"", "\"10.0.0.0/33\"", "\"010.0.0.1\"", "\"10.0.0.1/32\"", "\"unix:\"",
        "\"unix:@a\"", "\"name.example:1\"", "\"\u20ac\"", "[\"127.0.0.1:0\"]", "[{ \"Address\": \"127.0.0.1:9\" }]",
    ];

    private readonly Random _random = new(seed);
    private int _next = 1;

    /// <summary>A good file.</summary>
    internal JsonNode Good()
    {
        var routes = new JsonArray();
        for (int count = _random.Next(1, 4); count > 0; count--)
        {
            JsonObject route = ObjectOf(Below("Routes"));
            GeneratedTls.Complete(route, () => File());
            LeaveWeightsToTheDns(route);
            routes.Add(route);
        }

        // A shared state stays as it is at the start, so that no proxy is started with one.
        var proxy = ObjectOf(
            [.. ConfigurationKeys.Proxy.Where(static key => key.Name != "Routes"), .. CommandOptions.Keys.Where(key => folder is null || key.Name != "Shared")]);
        proxy["Routes"] = routes;
        return new JsonObject { ["ProxyCore"] = proxy };
    }

    /// <summary>A good file in which one place was changed, mostly into something wrong.</summary>
    internal JsonNode Mutated()
    {
        JsonNode root = Good();
        List<JsonNode> places = [.. Below(root["ProxyCore"]!)];
        JsonNode place = places[_random.Next(places.Count)];
        switch (place)
        {
            case JsonObject some when _random.Next(3) == 0:
                some[$"Unknown{_random.Next(3)}"] = 1;
                break;
            case JsonObject { Count: > 0 } some when _random.Next(2) == 0:
                some.Remove(some.ElementAt(_random.Next(some.Count)).Key);
                break;
            default:
                place.ReplaceWith(JsonNode.Parse(_replacements[_random.Next(_replacements.Length)]));
                break;
        }

        return root;
    }

    private static void LeaveWeightsToTheDns(JsonObject route)
    {
        foreach (JsonObject upstream in route["Upstreams"]!.AsArray().OfType<JsonObject>().Where(static one => $"{one["Address"]}".StartsWith("srv:", StringComparison.Ordinal)))
        {
            upstream.Remove("Weight");
        }
    }

    private static IEnumerable<JsonNode> Below(JsonNode node) => node switch
    {
        JsonObject some => some.Select(static one => one.Value).OfType<JsonNode>().SelectMany(static one => Below(one).Prepend(one)),
        JsonArray list => list.OfType<JsonNode>().SelectMany(static one => Below(one).Prepend(one)),
        _ => [],
    };

    private static IReadOnlyList<ConfigurationKey> Below(string name) => ConfigurationKeys.Proxy.Single(key => key.Name == name).Below;

    private JsonObject ObjectOf(IReadOnlyList<ConfigurationKey> keys)
    {
        var one = new JsonObject();
        foreach (ConfigurationKey key in keys.Where(key => Schema.IsRequired(key) || _random.Next(3) == 0))
        {
            // A header of version 1 has no room for some values, and other policies do not hash.
            bool fits = key.Name switch
            {
                "ProxyTlvs" => one["SendProxyProtocol"]?.ToString() is "V2" or "v2",
                "HashBy" => one["Balancing"]?.ToString() == BalancingNames.ClientHash,
                "HashTlv" => false,

                // Of a shared state: elsewhere TLS is an object of its own.
                "Ca" => keys.All(static other => other.Name != "Tls") || one["Tls"]?.ToString() is "true" or "True",
                _ => true,
            };
            if (fits)
            {
                one[key.Name] = key switch
                {
                    { NameForList: { } name } when _random.Next(3) == 0 => OneOf(name, name.ToUpperInvariant()),
                    { IsList: true } => ListOf(key),
                    _ => ValueOf(key),
                };
            }
        }

        return one;
    }

    private JsonArray ListOf(ConfigurationKey key) =>
        [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => ItemOf(key))];

    private JsonNode ItemOf(ConfigurationKey key) => key switch
    {
        { Kind: "file" } => ListFile(),
        { Variants: { Count: > 0 } types } => ToxicOf(types[_random.Next(types.Count)]),
        { Choices: not null } => ValueOf(key)!,
        { Kind: { } kind } => ValueOf(kind, key.Limits),
        { ShortKind: not null } when _random.Next(2) == 0 => ListenEndpoint(),
        _ => ObjectOf(key.Below),
    };

    // Two of a type would have one name.
    private JsonObject ToxicOf(ConfigurationVariant type)
    {
        JsonObject toxic = ObjectOf(type.Keys);
        toxic["Name"] = $"toxic{_next++}";
        return toxic;
    }

    private JsonNode? ValueOf(ConfigurationKey key) => key switch
    {
        { MayBeNull: true } when !Schema.IsRequired(key) && _random.Next(5) == 0 => null,
        { Kind: null } => ObjectOf(key.Below),
        { Name: "EachAddress" } => false,
        { Name: "MinTtl" } => OneOf("1s", "00:00:05"),
        { Name: "MaxTtl" } => OneOf("1h", "00:01:30"),
        { Name: "HashBy" } => OneOf("Address", "serverName"),

        // Less than each size.
        { Name: "SizeVariation" } => 0,

        // Chosen so that the second is never less than the first.
        { Name: "OutTime" } => OneOf("1ms", "1s", "00:00:02"),
        { Name: "MaxOutTime" } => OneOf("1h", "1.00:00:00", "60m"),
        { Choices: { } choices } => OneOf([.. choices.Select(name => (JsonNode)(_random.Next(2) == 0 ? name : name.ToLowerInvariant()))]),
        _ => ValueOf(key.Kind, key.Limits),
    };

    private JsonNode ValueOf(string kind, Limits? limits) => kind switch
    {
        "whole" => Number((CountLimits)limits!),
        "size" => Size((CountLimits)limits!),
        "large size" => OneOf("64m", "2g", "0", 1048576),
        "switch" => OneOf(true, false, "True", "false"),
        "share" => OneOf(0, 0.5, 1, "0.25", "1.0"),
        "seed" => OneOf(7, -7, "123456789012345678"),
        "duration" => OneOf("1s", "90s", "2m", "1h", "00:00:05", "1.02:03:04", "00:00:01.5"),
        "duration or off" => OneOf("off", "1s", "00:01:00"),
        "bytes" => OneOf("", "PING\r\n", "\u00ff"),
        "balancing" => OneOf([.. BalancingNames.BuiltIn.Select(static name => (JsonNode)name), "leastconnections"]),
        "sender" => OneOf("10.0.0.0/8", "192.0.2.7", "unix"),
        "server name" => OneOf($"a{_next++}.example", $"*.b{_next++}.example"),
        "host name" => OneOf($"a{_next++}.example", "A.Example."),
        "application protocol" => $"p{_next++}",
        "file" => File(),
        "address range" => OneOf("10.0.0.0/8", "192.0.2.7", "::ffff:10.0.0.0/104", "2001:DB8::/32", "::/0"),
        "dns server" => OneOf("10.0.0.53", "10.0.0.53:5353", "fd00::1", "[fd00::1]:53"),
        "rate" => OneOf("10/s", "600/m", "1000/h"),
        "path" => folder is null ? OneOf("-", "/var/log/proxy.log") : OneOf("-", Path.Combine(folder, "access.log")),
        "text" => $"name{_next++}",
        "prefix" => OneOf("proxycore:", "a~|!"),
        "listen endpoint" => ListenEndpoint(),
        "upstream endpoint" => UpstreamEndpoint(),
        "server endpoint" => OneOf(Port(), $"redis.example:{Port()}", $"192.0.2.1:{Port()}", $"[::1]:{Port()}", "unix:/run/redis.sock"),
        _ => throw new NotSupportedException(kind),
    };

    private JsonNode Size(CountLimits limits)
    {
        JsonNode[] all = ["64k", "1m", "4096", 8192, "1k", "4k", "256k"];
        return OneOf([.. all.Where(size => limits.Allow(ByteSizes.Parse(size.ToString(), new CountLimits(1))))]);
    }

    private JsonNode Number(CountLimits limits)
    {
        int number = _random.Next(limits.Least, Math.Min(limits.Most, limits.Least + 10));
        return _random.Next(4) == 0 ? number.ToString(CultureInfo.InvariantCulture) : number;
    }

    private JsonNode ListFile()
    {
        string file = Path.Combine(folder ?? "/etc", $"list{_next++}");
        if (folder is not null)
        {
            System.IO.File.WriteAllText(file, "10.0.0.0/8\n");
        }

        return file;
    }

    /// <summary>A certificate with its key, which may stand for each file of TLS.</summary>
    private JsonNode File()
    {
        string file = Path.Combine(folder ?? "/etc/tls", "certificate.pem");
        if (folder is not null && !System.IO.File.Exists(file))
        {
            System.IO.File.WriteAllText(file, LocalhostCertificate.MakePem(DateTimeOffset.UtcNow));
        }

        return file;
    }

    private JsonNode ListenEndpoint() => folder is not null
        ? OneOf("127.0.0.1:0", "localhost:0", 0, $"unix:{folder}/{_next++}")
        : OneOf(Port(), $"{Port()}", $"localhost:{Port()}", $"*:{Port()}", $"192.0.2.1:{Port()}", $"[2001:db8::1]:{Port()}", $"unix:/tmp/{_next++}");

    private JsonNode UpstreamEndpoint() => folder is not null
        ? OneOf($"127.0.0.1:{Port()}", Port(), $"unix:{folder}/none{_next++}")
        : OneOf(Port(), $"{Port()}", $"name.example:{Port()}", $"192.0.2.1:{Port()}", $"[::1]:{Port()}", $"unix:/tmp/{_next++}", $"srv:_pg._tcp.a{_next++}.example");

    private int Port() => 1000 + _next++;

    private JsonNode OneOf(params JsonNode[] values) => values[_random.Next(values.Length)].DeepClone();
}
