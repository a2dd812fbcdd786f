using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProxyCore.Hosting;

namespace ProxyCore.Cli.Admin;

/// <summary>The options of the admin page.</summary>
internal sealed class AdminOptions
{
    private readonly Option<ProxyEndpoint> _endpoint = CheckedOption.Once(
        "--admin",
        "ENDPOINT",
        "Serve a page, an API, /metrics, /healthz and /readyz there, as localhost:9090 [default: nowhere]",
        Endpoints.ParseListen);

    private readonly Option<AdminToken> _tokenFile = CheckedOption.Once(
        "--admin-token-file",
        "FILE",
        $"The token that it asks for: needed to change anything, and beyond loopback [default: {AdminToken.Variable}]",
        AdminToken.Read);

    internal void AddTo(Command command)
    {
        command.Add(_endpoint);
        command.Add(_tokenFile);
        command.Validators.Add(Check);
    }

    /// <summary>Adds the page to the services, if the command line has it. To be called before the proxy is added: it starts first.</summary>
    internal void AddTo(IServiceCollection services, ParseResult parsed)
    {
        if (parsed.GetResult(_endpoint) is null)
        {
            return;
        }

        AdminToken? token = parsed.GetResult(_tokenFile) is not null ? parsed.GetRequiredValue(_tokenFile)
            : AdminToken.FromVariable();
        var settings = new AdminSettings(parsed.GetRequiredValue(_endpoint), token);
        services.AddSingleton<IHostedService>(provider => new AdminServer(
            settings,
            () => provider.GetRequiredService<ProxyService>().Proxy,
            provider.GetRequiredService<ILoggerFactory>()));
    }

    /// <summary>Refuses a page without a token that other machines can reach, and an invalid token.</summary>
    private void Check(CommandResult result)
    {
        if (result.GetResult(_endpoint) is not { } given)
        {
            if (result.GetResult(_tokenFile) is not null)
            {
                result.AddError("--admin-token-file: has no meaning without --admin");
            }

            return;
        }

        if (result.GetResult(_tokenFile) is not null)
        {
            return;
        }

        try
        {
            RequireTokenBeyondLoopback(result, given);
        }
        catch (FormatException exception)
        {
            result.AddError(exception.Message);
        }
    }

    private static void RequireTokenBeyondLoopback(CommandResult result, OptionResult given)
    {
        // An option without a value, or with two, has been reported already.
        if (AdminToken.FromVariable() is null
            && given.Tokens is [{ Value: var text }]
            && ProxyEndpoint.TryParse(text, out ProxyEndpoint? endpoint)
            && endpoint.Kind != ProxyEndpointKind.Name && !Endpoints.IsLocal(endpoint))
        {
            result.AddError(
                $"--admin: '{endpoint}' can be reached from elsewhere: that needs a token, by --admin-token-file or {AdminToken.Variable}");
        }
    }
}
