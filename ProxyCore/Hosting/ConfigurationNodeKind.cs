namespace ProxyCore.Hosting;

/// <summary>What stands in one place of a configuration, as exactly as its source says.</summary>
internal enum ConfigurationNodeKind
{
    /// <summary>A value of which only the text is known: from the environment, a command line or a host.</summary>
    Value,

    /// <summary>A string of a JSON file.</summary>
    Text,

    /// <summary>A number of a JSON file.</summary>
    Number,

    /// <summary>A boolean of a JSON file.</summary>
    Switch,

    /// <summary>The null of a JSON file.</summary>
    Null,

    /// <summary>Null or an empty object: the configuration of a host does not say which.</summary>
    NullOrEmpty,

    /// <summary>Keys below it, of which only the texts are known: an object or a list.</summary>
    Keys,

    /// <summary>An object of a JSON file.</summary>
    Object,

    /// <summary>A list of a JSON file.</summary>
    List,
}
