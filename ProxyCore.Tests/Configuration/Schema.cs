using System.Text.Json.Nodes;
using ProxyCore.Cli;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Configuration;

/// <summary>Makes the schema of a configuration file from the table of keys.</summary>
internal static class Schema
{
    private static readonly string[] _required = ["Routes", "Listen", "Upstreams", "Address", "From", "Certificates", "Type", "Endpoints", "Redis"];

    internal static JsonObject Make() => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "Configuration of ProxyCore",
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["$schema"] = new JsonObject { ["type"] = "string" },
            ["Logging"] = new JsonObject { ["description"] = "Not read: for files that a host reads too." },
            ["ProxyCore"] = ObjectOf([.. ConfigurationKeys.Proxy, .. CommandOptions.Keys], "What the proxy does.", mayBeNull: false),
        },
        ["additionalProperties"] = false,
        ["required"] = new JsonArray("ProxyCore"),
    };

    private static JsonObject ObjectOf(IReadOnlyList<ConfigurationKey> keys, string? description, bool mayBeNull)
    {
        var schema = new JsonObject();
        if (description is not null)
        {
            schema["description"] = description;
        }

        schema["type"] = TypesOf(mayBeNull, "object");
        schema["properties"] = new JsonObject(keys.Select(static key => KeyValuePair.Create(key.Name, (JsonNode?)Of(key))));
        schema["additionalProperties"] = false;
        string[] required = [.. keys.Where(IsRequired).Select(static key => key.Name)];
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(static name => (JsonNode)name)]);
        }

        return schema;
    }

    /// <summary>An upstream has an optional object of the name that the file of a certificate has.</summary>
    internal static bool IsRequired(ConfigurationKey key) =>
        _required.Contains(key.Name) || key is { Name: nameof(CertificateOptions.Certificate), Kind: not null };

    private static JsonObject Of(ConfigurationKey key)
    {
        if (key is { IsList: true, Kind: { } kindOfValues })
        {
            return ValuesOf(kindOfValues, key);
        }

        if (key.Variants.Count > 0)
        {
            return VariantsOf(key);
        }

        if (key.IsList)
        {
            return new JsonObject { ["description"] = key.Description, ["type"] = "array", ["items"] = ItemOf(key), ["minItems"] = 1 };
        }

        if (key.Kind is not { } kind)
        {
            return ObjectOf(key.Below, key.Description, key.MayBeNull && !IsRequired(key));
        }

        JsonObject schema = ValueOf(kind, key);
        if (key.Default is { } normal)
        {
            schema["default"] = kind is "whole" or "switch" or "share" ? JsonNode.Parse(normal) : normal;
        }

        schema["description"] = key.Description;
        return schema;
    }

    /// <summary>A list of objects whose types decide which keys they have.</summary>
    private static JsonObject VariantsOf(ConfigurationKey key) => new()
    {
        ["description"] = key.Description,
        ["type"] = "array",
        ["items"] = new JsonObject
        {
            ["anyOf"] = new JsonArray([.. key.Variants.Select(static one => (JsonNode)ObjectOf(one.Keys, one.Description, mayBeNull: false))]),
        },
    };

    private static JsonObject ValuesOf(string kind, ConfigurationKey key)
    {
        var values = new JsonObject { ["type"] = "array", ["items"] = ValueOf(kind, key) };
        if (IsRequired(key))
        {
            values["minItems"] = 1;
        }

        if (key.NameForList is { } name)
        {
            JsonObject either = OneOf([name]);
            either["anyOf"]!.AsArray().Add(values);
            values = either;
        }

        values.Insert(0, "description", key.Description);
        return values;
    }

    private static JsonObject ItemOf(ConfigurationKey key)
    {
        JsonObject item = ObjectOf(key.Below, description: null, mayBeNull: false);
        return key.ShortKind is { } kind ? new JsonObject { ["anyOf"] = new JsonArray(ValueOf(kind, key), item) } : item;
    }

    // A number and a switch may be written as texts, as the environment and the command line have them.
    private static JsonObject ValueOf(string kind, ConfigurationKey key) => kind switch
    {
        "whole" => Between(Text(key, Patterns.Wholes((CountLimits)key.Limits!), "integer"), (CountLimits)key.Limits!),
        "size" => Between(Text(key, Patterns.Sizes((CountLimits)key.Limits!), "integer"), (CountLimits)key.Limits!),
        "large size" => LargeSize(key, (SizeLimits)key.Limits!),
        "share" => Share(key, (ShareLimits)key.Limits!),
        "seed" => Text(key, "-?0*[0-9]{1,18}", "integer"),
        "switch" => Text(key, Patterns.AnyCase("true", "false"), "boolean"),
        "duration" => Text(key, Patterns.Durations((TimeLimits)key.Limits!)),
        "duration or off" => Text(key, Patterns.Durations((TimeLimits)key.Limits!) + "|" + Patterns.AnyCase("off")),
        "listen endpoint" => Between(Text(key, Patterns.ListenEndpoints, "integer"), new CountLimits(0, ushort.MaxValue)),
        "upstream endpoint" => Between(Text(key, Patterns.UpstreamEndpoints, "integer"), new CountLimits(1, ushort.MaxValue)),
        "server endpoint" => Between(Text(key, Patterns.ServerEndpoints, "integer"), new CountLimits(1, ushort.MaxValue)),
        "dns server" => Text(key, Patterns.DnsServers),
        "TLV type" => Between(Text(key, Patterns.TlvTypes, "integer"), new CountLimits(0, byte.MaxValue)),
        "bytes" => new JsonObject
        {
            ["type"] = TypesOf(key.MayBeNull, "string"),
            ["maxLength"] = ((BytesLimits)key.Limits!).Most,
            ["pattern"] = @"^[\u0000-\u00ff]*$",
        },
        "balancing" => OneOf(BalancingNames.BuiltIn),
        "choice" => OneOf(key.Choices!, key.MayBeNull),
        "sender" => Text(key, Patterns.AddressRanges + "|" + Patterns.AnyCase("unix")),
        "server name" => Text(key, Patterns.ServerNames),
        "application protocol" => Text(key, @"[!-~]{1,255}"),
        "address range" => Text(key, Patterns.AddressRanges),
        "rate" => Text(key, Patterns.Rates((RateLimits)key.Limits!)),
        "host name" => Text(key, Patterns.HostNames),
        "path" or "file" => Text(key, @"[^\u0000]+"),
        "prefix" => new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 200, ["pattern"] = "^[!-z|~]+$" },
        "text" => new JsonObject { ["type"] = TypesOf(key.MayBeNull, "string") },
        _ => throw new NotSupportedException(kind),
    };

    /// <summary>Names, which editors complete, and which may be written in any case.</summary>
    private static JsonObject OneOf(IEnumerable<string> names, bool mayBeNull = false) => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["enum"] = new JsonArray([.. names.Select(static name => (JsonNode)name)]) },
            new JsonObject { ["type"] = TypesOf(mayBeNull, "string"), ["pattern"] = $"^({Patterns.AnyCase([.. names])})$" }),
    };

    private static JsonObject Text(ConfigurationKey key, string pattern, params string[] otherTypes) => new()
    {
        ["type"] = TypesOf(key.MayBeNull, ["string", .. otherTypes]),
        ["pattern"] = $"^({pattern})$",
    };

    private static JsonNode TypesOf(bool mayBeNull, params string[] types)
    {
        string[] all = mayBeNull ? [.. types, "null"] : types;
        return all is [var one] ? one : new JsonArray([.. all.Select(static type => (JsonNode)type)]);
    }

    private static JsonObject LargeSize(ConfigurationKey key, SizeLimits limits)
    {
        JsonObject size = Text(key, Patterns.LargeSizes(limits), "integer");
        size["minimum"] = 0;
        size["maximum"] = long.Parse(new string('9', limits.Digits), System.Globalization.CultureInfo.InvariantCulture);
        return size;
    }

    private static JsonObject Share(ConfigurationKey key, ShareLimits limits)
    {
        JsonObject share = Text(key, @"0+(\.[0-9]+)?|0*1(\.0+)?", "number");
        share["minimum"] = limits.Least;
        share["maximum"] = limits.Most;
        return share;
    }

    private static JsonObject Between(JsonObject number, CountLimits limits)
    {
        number["minimum"] = limits.Least;
        number["maximum"] = limits.Most;
        return number;
    }
}
