using ProxyCore.Diagnostics;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Admin;

/// <summary>Reads the body of <c>POST /api/deny</c>.</summary>
internal static class DenyRequestReader
{
    /// <summary>What errors call the body as a whole.</summary>
    internal const string Whole = "deny";

    internal const string Address = "address";
    internal const string For = "for";
    internal const string EndConnections = "endConnections";

    /// <summary>What a body asks for; null when something is wrong with it.</summary>
    /// <param name="body">The body.</param>
    /// <param name="errors">What is wrong is added here.</param>
    internal static (string Address, DenyOptions Options)? Read(TreeNode body, ValidationErrors errors)
    {
        string address = ReadAddress(body.TryTake(Address), errors);
        var options = new DenyOptions
        {
            Duration = ReadTime(body.TryTake(For), errors),
            EndConnections = ReadSwitch(body.TryTake(EndConnections), errors),
        };
        foreach (ConfigurationNode unknown in body.Children)
        {
            errors.Refuse(Printable.Shorten(unknown.Key), $"unknown member; there are {Address}, {For} and {EndConnections}");
        }

        return errors.Any ? null : (address, options);
    }

    /// <summary>Reads how long clients are denied.</summary>
    /// <exception cref="FormatException">It is no duration, or one that is not allowed; the message says which.</exception>
    internal static TimeSpan ParseTime(string text)
    {
        TimeSpan time = Durations.ParsePositive(text);
        return OptionLimits.DenyTime.Allow(time)
            ? time
            : throw new FormatException($"'{text}' is too long: at most {Durations.Format(OptionLimits.DenyTime.Most)}");
    }

    private static string ReadAddress(TreeNode? node, ValidationErrors errors)
    {
        if (node?.Kind != ConfigurationNodeKind.Text)
        {
            errors.Refuse(Address, "must be a text, an address or a range such as 10.0.0.0/8");
            return "";
        }

        return Parse(node.Value!, Address, Clients.Parse, errors) ?? "";
    }

    private static TimeSpan ReadTime(TreeNode? node, ValidationErrors errors)
    {
        if (node is null)
        {
            return new DenyOptions().Duration;
        }

        errors.Require(node.Kind == ConfigurationNodeKind.Text, For, "must be a text, a duration such as 10m");
        return node.Kind == ConfigurationNodeKind.Text ? Parse(node.Value!, For, ParseTime, errors) : default;
    }

    private static bool ReadSwitch(TreeNode? node, ValidationErrors errors)
    {
        errors.Require(node is null || node.Kind == ConfigurationNodeKind.Switch, EndConnections, "must be true or false");
        return node?.Value == "true";
    }

    private static T? Parse<T>(string text, string member, Func<string, T> parse, ValidationErrors errors)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException exception)
        {
            errors.Refuse(member, Printable.Shorten(exception.Message));
            return default;
        }
    }
}
