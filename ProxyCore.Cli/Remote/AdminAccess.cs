using System.CommandLine;
using ProxyCore.Cli.Admin;

namespace ProxyCore.Cli.Remote;

/// <summary>What the commands for a running proxy have in common: they ask its admin page, with its token.</summary>
internal sealed class AdminAccess
{
    /// <summary>Where the admin page is, unless something else is said.</summary>
    internal const string DefaultEndpoint = "localhost:9090";

    private readonly Option<AdminToken> _tokenFile = CheckedOption.Once(
        "--admin-token-file", "FILE", $"The token that it asks for [default: {AdminToken.Variable}]", AdminToken.Read);

    internal void AddTo(Command command)
    {
        command.Add(_tokenFile);
        command.Validators.Add(OptionsBefore.Refuse);
    }

    /// <summary>Does something with an admin page; returns the exit code.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="endpoint">Where the page is; null for the default.</param>
    /// <param name="work">What is done. It may throw an <see cref="AdminClientException"/>.</param>
    internal async Task<int> RunAsync(ParseResult parsed, ProxyEndpoint? endpoint, Func<AdminClient, Task> work)
    {
        try
        {
            AdminToken? token = parsed.GetResult(_tokenFile) is null ? AdminToken.FromVariable() : parsed.GetRequiredValue(_tokenFile);
            using var client = new AdminClient(endpoint ?? ProxyEndpoint.Parse(DefaultEndpoint), token);
            await work(client);
            return ExitCode.Stopped;
        }
        catch (FormatException exception)
        {
            return UsageErrors.Write([exception.Message]);
        }
        catch (AdminClientException exception)
        {
            StandardStreams.WriteError($"proxycore: {OneLine.Escape(exception.Message)}");
            return ExitCode.CannotRun;
        }
    }
}
