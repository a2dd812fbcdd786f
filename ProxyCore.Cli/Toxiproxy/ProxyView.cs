using System.Collections.Immutable;
using System.Text;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>A proxy as the API shows it, at one moment. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Listen">Where it listens: the real address since it was started first, what was given before.</param>
/// <param name="Upstream">Where its connections go, as it was given.</param>
/// <param name="Enabled">Whether it listens.</param>
/// <param name="Toxics">Its toxics, in the order in which they were added.</param>
internal sealed record ProxyView(string Name, string Listen, string Upstream, bool Enabled, ImmutableArray<ToxicEntry> Toxics)
{
    internal ToxicEntry? Find(string toxic) => Toxics.FirstOrDefault(one => one.Name == toxic);

    internal ProxyView Replace(ToxicEntry toxic) => this with { Toxics = [.. Toxics.Select(one => one.Name == toxic.Name ? toxic : one)] };

    internal ProxyView Without(string toxic) => this with { Toxics = [.. Toxics.Where(one => one.Name != toxic)] };

    /// <param name="json">Where it is written.</param>
    /// <param name="withExtensions">Whether toxics that toxiproxy does not have are among them.</param>
    internal void Append(StringBuilder json, bool withExtensions)
    {
        json.Append('{').AppendKey("name").AppendText(Name)
            .Append(',').AppendKey("listen").AppendText(Listen)
            .Append(',').AppendKey("upstream").AppendText(Upstream)
            .Append(',').AppendKey("enabled").Append(Enabled ? "true" : "false")

            // toxiproxy has it by accident; some clients compare whole objects.
            .Append(',').AppendKey("Logger").Append("{}")
            .Append(',').AppendKey("toxics");
        AppendToxics(json, withExtensions);
        json.Append('}');
    }

    /// <summary>Those of the stream to the upstream first.</summary>
    internal void AppendToxics(StringBuilder json, bool withExtensions) => json
        .Append('[')
        .AppendAll(
            Toxics.Where(toxic => withExtensions || !toxic.Kind.IsExtension).OrderByDescending(static toxic => toxic.Direction),
            static (text, toxic) => toxic.Append(text))
        .Append(']');
}
