using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxyCore.Cli.Admin;
using ProxyCore.Cli.Signals;
using ProxyCore.Cli.Telemetry;
using ProxyCore.Hosting;

namespace ProxyCore.Cli;

/// <summary><c>proxycore demo</c>: serves a folder and relays clients to it, to have something to look at.</summary>
internal sealed class DemoCommand(
    ProxyOptionSet options, ConfigurationOptions configuration, AdminOptions admin, OtlpOptions otlp)
{
    private readonly Argument<DirectoryInfo> _folder = new("FOLDER")
    {
        Description = "The folder to serve [default: the current one]",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = static result => CheckedOption.ParseArgument(result, ParseFolder),
    };

    private readonly Option<ProxyEndpoint> _upstream = CheckedOption.Once(
        "--upstream",
        "ENDPOINT",
        "Where the file server itself listens [default: a free loopback port]",
        Endpoints.ParseLoopback);

    /// <param name="relayUpstream">The option of the same name that belongs to the command above.</param>
    internal Command Build(Option relayUpstream)
    {
        var command = new Command("demo", "Serves a folder through the proxy, with a list of its files.") { _folder };
        options.AddTo(command, _upstream);
        admin.AddTo(command);
        otlp.AddTo(command);
        command.Validators.Add(result => RefuseUpstreamOfRelay(result, relayUpstream));
        command.Validators.Add(configuration.Refuse);
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static DirectoryInfo ParseFolder(string path) => Directory.Exists(path)
        ? new DirectoryInfo(path)
        : throw new FormatException(File.Exists(path) ? $"'{path}' is a file" : $"'{path}' does not exist");

    private static void RefuseUpstreamOfRelay(CommandResult result, Option relayUpstream)
    {
        if (result.GetResult(relayUpstream) is not null)
        {
            result.AddError("--upstream: write it after 'demo', where it says where the file server listens");
        }
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        string folder = (parsed.GetValue(_folder) ?? new DirectoryInfo(".")).FullName;
        ProxyEndpoint fileServerAt = parsed.ValueOr(_upstream, ProxyEndpoint.Parse("localhost:0"));
        using var signals = new StopSignals();
        HangupSignal.Handle(signals.Stop);
        using ILoggerFactory loggerFactory = options.CreateLogging(parsed);

        // Disposed of after the proxy has drained: connections that are open may still fetch the rest of a file. But a
        // browser keeps idle ones, and the drain would wait for those until its timeout if the server kept them too.
        await using HttpServer server = await FileServer.StartAsync(folder, fileServerAt, loggerFactory);
        _ = signals.First.ContinueWith(_ => server.StopAsync(CancellationToken.None), TaskScheduler.Default);
        IServiceCollection services = new ServiceCollection().AddSingleton(loggerFactory);
        otlp.AddTo(services, parsed);
        admin.AddTo(services, parsed);
        return await ProxyHost.RunAsync(
            services.AddProxyCore(proxy => options.Configure(proxy, parsed, server.Endpoint)),
            signals,
            proxy => loggerFactory.CreateLogger<DemoCommand>().Serving(
                Endpoints.Url(options.Listen(parsed)[0], proxy.Endpoints[0] is IPEndPoint { Port: var port } ? port : 0), folder));
    }
}
