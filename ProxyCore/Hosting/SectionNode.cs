using Microsoft.Extensions.Configuration;

namespace ProxyCore.Hosting;

/// <summary>A section of a host's configuration.</summary>
/// <remarks>
/// <see cref="IConfiguration.GetChildren"/> looks at every key that the configuration has, so that it is called once for
/// each object and list, and not at all for a value: that reading takes the square of the configuration's size can't be
/// mended here.
/// </remarks>
internal sealed class SectionNode : ConfigurationNode
{
    private readonly IConfiguration _section;
    private readonly int _rootLength;
    private IReadOnlyList<ConfigurationNode>? _children;

    private SectionNode(IConfiguration section, int rootLength)
    {
        _section = section;
        _rootLength = rootLength;
        Value = (section as IConfigurationSection)?.Value;
    }

    internal override string Key => (_section as IConfigurationSection)?.Key ?? "";

    internal override string Path => _section is IConfigurationSection section
        ? section.Path.Length > _rootLength ? section.Path[_rootLength..] : section.Path
        : "";

    internal override string? Value { get; }

    internal override ConfigurationNodeKind Kind
    {
        get
        {
            if (Value is not null)
            {
                return ConfigurationNodeKind.Value;
            }

            return Children.Count > 0 ? ConfigurationNodeKind.Keys : ConfigurationNodeKind.NullOrEmpty;
        }
    }

    internal override IReadOnlyList<ConfigurationNode> Children =>
        _children ??= [.. _section.GetChildren().Select(child => new SectionNode(child, _rootLength))];

    /// <summary>The section of a proxy.</summary>
    internal static ConfigurationNode Read(IConfiguration section) =>
        new SectionNode(section, section is IConfigurationSection { Path.Length: var length } ? length + 1 : 0);
}
