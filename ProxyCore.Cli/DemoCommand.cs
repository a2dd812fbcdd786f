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

    private readonly Option<bool> _tls = CheckedOption.Switch(
        "--tls", "Serve https, with a new self-signed certificate for localhost [default: http]");

    /// <param name="relayUpstream">The option of the same name that belongs to the command above.</param>
    internal Command Build(Option relayUpstream)
    {
        var command = new Command("demo", "Serves a folder through the proxy, with a list of its files.") { _folder, _tls };
        options.AddTo(command, _upstream);
        admin.AddTo(command);
        otlp.AddTo(command);
        command.Validators.Add(result => RefuseUpstreamOfRelay(result, relayUpstream));
        command.Validators.Add(CheckTls);
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

    private static void EndTls(TcpProxyOptions proxy, LocalhostCertificate certificate)
    {
        foreach (ListenOptions listen in proxy.Routes[0].Listen)
        {
            listen.Tls = new ListenTlsOptions { Certificates = { new CertificateOptions { Certificate = certificate.FileName } } };
        }
    }

    private void CheckTls(CommandResult result)
    {
        if (options.Tls.SpeaksTlsToUpstream(result))
        {
            result.AddError("--upstream-tls: has no meaning for this command, whose file server speaks no TLS");
        }

        if (result.GetResult(_tls) is not null && options.Tls.EndsTls(result))
        {
            result.AddError("--tls: makes a certificate, and --tls-certificate names one: leave out one of them");
        }
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        string folder = (parsed.GetValue(_folder) ?? new DirectoryInfo(".")).FullName;
        ProxyEndpoint fileServerAt = parsed.ValueOr(_upstream, ProxyEndpoint.Parse("localhost:0"));
        using var signals = new StopSignals();
        HangupSignal.Handle(signals.Stop);
        using ILoggerFactory loggerFactory = options.CreateLogging(parsed);
        using LocalhostCertificate? certificate =
            parsed.GetValue(_tls) ? LocalhostCertificate.Create(TimeProvider.System.GetUtcNow()) : null;
        string scheme = certificate is not null || options.Tls.EndsTls(parsed.CommandResult) ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;

        // Disposed of after the proxy has drained: connections that are open may still fetch the rest of a file. But a
        // browser keeps idle ones, and the drain would wait for those until its timeout if the server kept them too.
        await using HttpServer server = await FileServer.StartAsync(folder, fileServerAt, scheme, loggerFactory);
        _ = signals.First.ContinueWith(_ => server.StopAsync(CancellationToken.None), TaskScheduler.Default);
        IServiceCollection services = new ServiceCollection().AddSingleton(loggerFactory);
        otlp.AddTo(services, parsed);
        admin.AddTo(services, parsed);
        services.AddProxyCore(proxy =>
        {
            options.Configure(proxy, parsed, server.Endpoint);
            if (certificate is not null)
            {
                EndTls(proxy, certificate);
            }
        });
        return await StartErrors.OfCommandLineAsync(() => ProxyHost.RunAsync(services, signals, proxy =>
        {
            ILogger logger = loggerFactory.CreateLogger<DemoCommand>();
            int port = proxy.Endpoints[0] is IPEndPoint endpoint ? endpoint.Port : 0;
            logger.Serving(Endpoints.Url(options.Listen(parsed)[0], port, scheme), folder);
            if (certificate is not null)
            {
                logger.SelfSigned(certificate.FileName);
            }
        }));
    }
}
