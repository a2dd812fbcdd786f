using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxyCore.Cli.Admin;
using ProxyCore.Cli.Remote;
using ProxyCore.Cli.Shared;
using ProxyCore.Cli.Signals;
using ProxyCore.Cli.Telemetry;
using ProxyCore.Cli.Top;
using ProxyCore.Cli.Toxiproxy;
using ProxyCore.Hosting;

namespace ProxyCore.Cli;

/// <summary><c>proxycore</c>: relays clients to an upstream.</summary>
internal sealed class RelayCommand
{
    private const string DefaultUpstream = "localhost:3000";

    private readonly ProxyOptionSet _options = new();
    private readonly ConfigurationOptions _configuration = new();
    private readonly AdminOptions _admin = new();
    private readonly OtlpOptions _otlp = new();
    private readonly Option<ProxyEndpoint[]> _upstream = CheckedOption.Repeatable(
        "--upstream",
        "ENDPOINT",
        $"Where connections go; may be repeated, and they take turns [default: {DefaultUpstream}]",
        Endpoints.ParseUpstream);

    /// <summary>The command line as a whole, with the commands below it.</summary>
    internal Command Build()
    {
        // Not a RootCommand: that is named after the executable file, which may be the assembly's.
        var command = new Command("proxycore", "Relays TCP connections to an upstream.");
        _configuration.AddTo(command);
        _options.AddTo(command, _upstream);
        _admin.AddTo(command);
        _otlp.AddTo(command);
        command.Validators.Add(result => _configuration.Check(result, _options.OfOneRoute(_upstream)));
        command.Add(ExamplesHelp.CreateOption());
        command.Add(new VersionOption());
        command.Add(new DemoCommand(_options, _configuration, _admin, _otlp).Build(_upstream));
        command.Add(new CheckCommand(_options, _configuration, _admin, _otlp, Upstreams).Build(_upstream));
        command.Add(new TopCommand().Build());
        command.Add(new UpstreamCommand().Build());
        command.Add(new DenyCommand().Build());
        command.Add(new ToxiproxyCommand().Build());
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using var signals = new StopSignals();
        using ILoggerFactory loggerFactory = _options.CreateLogging(parsed);
        IServiceCollection services = new ServiceCollection().AddSingleton(loggerFactory);
        _otlp.AddTo(services, parsed);
        _admin.AddTo(services, parsed);
        if (_configuration.File(parsed, _options.Keys(parsed)) is { } file)
        {
            HangupSignal.RegisterThoughIgnored();
            services.AddProxyCore(file.Read);
            SharedStateService.AddTo(services, file);
            Reloads.AddTo(services, file);
            return await StartErrors.OfFileAsync(file.Name, () => ProxyHost.RunAsync(services, signals));
        }

        // There is nothing to read again: a terminal that hangs up stops it, as Ctrl+C does.
        HangupSignal.Handle(signals.Stop);
        services.AddProxyCore(options => _options.Configure(options, parsed, Upstreams(parsed)));
        return await StartErrors.OfCommandLineAsync(() => ProxyHost.RunAsync(services, signals));
    }

    private ProxyEndpoint[] Upstreams(ParseResult parsed) => parsed.ValueOr(_upstream, [ProxyEndpoint.Parse(DefaultUpstream)]);
}
