using System.Text.Json.Serialization;

namespace ProxyCore.Cli.Admin;

/// <summary>How the answers of the admin page are written as JSON, made when this is built: nothing is looked up at run time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SnapshotView))]
[JsonSerializable(typeof(ErrorView))]
internal sealed partial class AdminJson : JsonSerializerContext;
