using System.Text;
using System.Text.Json;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>A toxic as the API shows it. Immutable.</summary>
/// <param name="Name">Its name, unique on its proxy.</param>
/// <param name="Kind">Its type.</param>
/// <param name="Stream">Its stream as the client wrote it.</param>
/// <param name="Toxicity">Its toxicity as the client wrote it: below 0 is never, above 1 always.</param>
/// <param name="Values">Its attributes.</param>
internal sealed record ToxicEntry(string Name, ToxicKind Kind, string Stream, float Toxicity, ToxicValues Values)
{
    private const string GoStruct = "ToxicWrapper";
    private const int LongestName = 200;

    // So Go calls a type without a name.
    private const string GoChange = "struct { Attributes interface {} \"json:\\\"attributes\\\"\"; Toxicity float32 \"json:\\\"toxicity\\\"\" }";

    internal ToxicDirection Direction { get; } = ParseStream(Stream) ?? ToxicDirection.Downstream;

    /// <summary>Reads a toxic to be added.</summary>
    /// <param name="json">The body.</param>
    /// <param name="isTaken">Whether a toxic has the name already.</param>
    /// <exception cref="ApiException">There is something wrong with it; the first thing that toxiproxy would find.</exception>
    internal static ToxicEntry Read(JsonElement json, Func<string, bool> isTaken)
    {
        (string name, string type, string stream, float toxicity) = ("", "", "downstream", 1f);
        JsonElement? attributes = null;
        foreach (JsonProperty member in GoJson.Members(json, $"Go value of type toxics.{GoStruct}"))
        {
            JsonElement value = member.Value;
            (name, type, stream, toxicity) = (
                member.Is("name") ? GoJson.Text(value, $"{GoStruct}.name", name) : name,
                member.Is("type") ? GoJson.Text(value, $"{GoStruct}.type", type) : type,
                member.Is("stream") ? GoJson.Text(value, $"{GoStruct}.stream", stream) : stream,
                member.Is("toxicity") ? GoJson.Number(value, $"{GoStruct}.toxicity", toxicity) : toxicity);
            if (member.Is("attributes"))
            {
                _ = GoJson.Members(value, $"Go struct field {GoStruct}.attributes of type toxics.NoopToxic");
                attributes = value;
            }
        }

        if (ParseStream(stream) is null)
        {
            throw ApiException.BadStream();
        }

        ToxicKind kind = ToxicKinds.Find(type) ?? throw ApiException.BadType();
        var toxic = new ToxicEntry(name.Length == 0 ? $"{type}_{stream}" : name, kind, stream, toxicity, kind.Defaults);
        if (isTaken(toxic.Name))
        {
            throw ApiException.ToxicExists();
        }

        if (toxic.Name.Length > LongestName)
        {
            throw ApiException.BadAttribute($"name: must have from 1 to {LongestName} characters");
        }

        return attributes is { } given ? toxic.With(given, toxicity, $"{GoStruct}.attributes") : toxic.With(default, toxicity, "");
    }

    /// <summary>The same with the changes that a body has.</summary>
    /// <exception cref="ApiException">There is something wrong with them.</exception>
    internal ToxicEntry Update(JsonElement json)
    {
        float toxicity = Toxicity;
        JsonElement attributes = default;
        foreach (JsonProperty member in GoJson.Members(json, $"Go value of type {GoChange}"))
        {
            if (member.Is("toxicity"))
            {
                toxicity = GoJson.Number(member.Value, ".toxicity", toxicity);
            }
            else if (member.Is("attributes"))
            {
                attributes = member.Value;
            }
        }

        return With(attributes, toxicity, ".attributes");
    }

    /// <summary>As a toxic of the library.</summary>
    internal Toxic ToToxic()
    {
        Toxic toxic = Kind.Make(Values);
        toxic.Name = Name;
        toxic.Stream = Direction;
        toxic.Toxicity = Math.Clamp((double)Toxicity, 0, 1);
        return toxic;
    }

    internal void Append(StringBuilder json)
    {
        Kind.Append(json.Append('{').AppendKey("attributes"), Values);
        json.Append(',').AppendKey("name").AppendText(Name)
            .Append(',').AppendKey("type").AppendText(Kind.Type)
            .Append(',').AppendKey("stream").AppendText(Stream)
            .Append(',').AppendKey("toxicity").AppendNumber(Toxicity).Append('}');
    }

    private ToxicEntry With(JsonElement attributes, float toxicity, string field)
    {
        ToxicValues values = attributes.ValueKind == JsonValueKind.Undefined
            ? Values
            : Kind.Read(attributes, $"Go struct field {field} of type toxics.{Kind.GoStruct}", Values);
        Kind.Check(values);
        return this with { Toxicity = toxicity, Values = values };
    }

    private static ToxicDirection? ParseStream(string stream) => stream.ToUpperInvariant() switch
    {
        "UPSTREAM" => ToxicDirection.Upstream,
        "DOWNSTREAM" => ToxicDirection.Downstream,
        _ => null,
    };
}
