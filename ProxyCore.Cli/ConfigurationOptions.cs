using System.CommandLine;
using System.CommandLine.Parsing;
using ProxyCore.Platform;

namespace ProxyCore.Cli;

/// <summary>The options that name a configuration file and override what it says.</summary>
internal sealed class ConfigurationOptions
{
    private readonly Option<FileInfo> _file = CheckedOption.Once(
        "--config",
        "FILE",
        $"Take routes and all else from a JSON file; read again when it changes{(TargetSystem.IsWindows ? "" : ", and on SIGHUP")}",
        ParseFile);

    private readonly Option<ConfigurationOverride[]> _set = CheckedOption.Repeatable(
        "--set",
        "KEY=VALUE",
        "Override a key of the file, as in Routes:0:ConnectTimeout=2s; may be repeated",
        ParseSetting);

    internal void AddTo(Command command)
    {
        command.Add(_file);
        command.Add(_set);
    }

    /// <summary>Refuses a file, for a command that has its own configuration.</summary>
    internal void Refuse(CommandResult result)
    {
        if (result.GetResult(_file) is not null || result.GetResult(_set) is not null)
        {
            result.AddError("--config: has no meaning for this command");
        }
    }

    /// <summary>Refuses options that describe a route beside a file, which describes them all.</summary>
    internal void Check(CommandResult result, IEnumerable<Option> ofOneRoute)
    {
        if (result.GetResult(_file) is null)
        {
            if (result.GetResult(_set) is not null)
            {
                result.AddError("--set: overrides a file, which --config names");
            }

            return;
        }

        foreach (Option option in ofOneRoute.Where(option => result.GetResult(option) is { Implicit: false }))
        {
            result.AddError($"{option.Name}: with --config routes stand in the file; override a key with --set");
        }
    }

    /// <summary>The file, if one is named, with --set above it, the later above the earlier, and <paramref name="options"/> above both.</summary>
    internal ConfigurationFile? File(ParseResult parsed, IEnumerable<ConfigurationOverride> options) =>
        parsed.GetResult(_file) is null
            ? null
            : new ConfigurationFile(parsed.GetRequiredValue(_file), parsed.ValueOr(_set, []).Concat(options));

    private static FileInfo ParseFile(string text) =>
        text.Length > 0 ? new FileInfo(text) : throw new FormatException("a file name is needed");

    private static ConfigurationOverride ParseSetting(string text)
    {
        int equals = text.IndexOf('=');
        return equals > 0
            ? new ConfigurationOverride(text[..equals], text[(equals + 1)..], "--set")
            : throw new FormatException($"'{text}' is no setting: write KEY=VALUE, as in Routes:0:ConnectTimeout=2s");
    }
}
