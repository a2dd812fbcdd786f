using System.Text.Json.Serialization;

namespace ProxyCore.Cli.Admin;

/// <summary>The JSON serialization of the admin page's answers, generated at build time: no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SnapshotView))]
[JsonSerializable(typeof(ToxicsView))]
[JsonSerializable(typeof(UpstreamsView))]
[JsonSerializable(typeof(ConnectionsView))]
[JsonSerializable(typeof(EndedView))]
[JsonSerializable(typeof(HistoryView))]
[JsonSerializable(typeof(DeniedView))]
[JsonSerializable(typeof(ErrorView))]
internal sealed partial class AdminJson : JsonSerializerContext;
