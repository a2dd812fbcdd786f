using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microsoft.Extensions.Logging;
using ProxyCore.Cli.Logging;
using ProxyCore.Cli.Signals;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary><c>proxycore toxiproxy</c>: takes the place of toxiproxy-server, whose flags it takes as well.</summary>
internal sealed class ToxiproxyCommand
{
    private const string DefaultHost = "localhost";
    private const int DefaultPort = 8474;

    private readonly Option<ProxyEndpoint> _api = CheckedOption.Once(
        "--api", "ENDPOINT", $"Where the API listens [default: {DefaultHost}:{DefaultPort}]", Endpoints.ParseListen);

    private readonly Option<string> _config = Flag(CheckedOption.Once(
        "--config", "FILE", "A JSON file with the proxies to begin with, as POST /populate takes them", static text => text));

    private readonly Option<long> _seed = Flag(CheckedOption.Once(
        "--seed", "NUMBER", "Where the chance of toxics begins, so that runs repeat [default: another one each time]", ParseSeed));

    private readonly Option<string> _host = Flag(CheckedOption.Once(
        "--host", "HOST", $"The host alone, as toxiproxy-server has it [default: {DefaultHost}]", ParseHost));

    private readonly Option<int> _port = Flag(CheckedOption.Once(
        "--port", "PORT", $"The port alone, as toxiproxy-server has it [default: {DefaultPort}]", ParsePort));

    private readonly Option<bool> _proxyMetrics = GoSwitch("--proxy-metrics", "Serve /metrics with the bytes of the proxies");

    private readonly Option<bool> _runtimeMetrics = GoSwitch("--runtime-metrics", "Serve /metrics with figures of the process");

    internal Command Build()
    {
        var command = new Command("toxiproxy", "Takes toxiproxy's place: its API, for proxies with faults that are made on purpose.")
        {
            _api, _config, _seed, _host, _port, _proxyMetrics, _runtimeMetrics,
        };
        command.Validators.Add(static result => OptionsBefore.Refuse(result, "toxiproxy"));
        command.Validators.Add(RefuseTwoAddresses);
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    /// <summary>Go's flags have one dash, or two.</summary>
    private static Option<T> Flag<T>(Option<T> option)
    {
        option.Aliases.Add(option.Name[1..]);
        return option;
    }

    /// <summary>A switch that may have a value: <c>-name=false</c>.</summary>
    private static Option<bool> GoSwitch(string name, string description) =>
        Flag(new Option<bool>(name) { Description = description, Arity = ArgumentArity.ZeroOrOne });

    private static long ParseSeed(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seed)
        ? seed
        : throw new FormatException($"'{text}' is no whole number of 64 bits");

    private static int ParsePort(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
        ? port
        : throw new FormatException($"'{text}' is no port: a number from 0 to 65535");

    /// <summary>As the library writes it. Every IPv4 address stands for every IPv6 one too, as with Go.</summary>
    private static string ParseHost(string text)
    {
        string host = text is "" or "0.0.0.0" or "::" or "[::]" ? "*"
            : text.Contains(':') && !text.StartsWith('[') ? $"[{text}]"
            : text;
        return ProxyEndpoint.TryParse($"{host}:0", out ProxyEndpoint? endpoint) && endpoint.Kind != ProxyEndpointKind.Name
            ? host
            : throw new FormatException($"'{text}' is no address to listen on: localhost, an address, or 0.0.0.0 for every one");
    }

    private static LogLevel ParseLevel(string? name) => name?.ToUpperInvariant() switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "WARN" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "FATAL" or "PANIC" => LogLevel.Critical,
        "DISABLED" => LogLevel.None,
        _ => LogLevel.Information,
    };

    private void RefuseTwoAddresses(CommandResult result)
    {
        if (result.GetResult(_api) is not null && (result.GetResult(_host) ?? result.GetResult(_port)) is { } other)
        {
            result.AddError($"{other.Option.Name}: has no meaning beside --api, which names both host and port");
        }
    }

    private ToxiproxySettings Settings(ParseResult parsed)
    {
        string host = parsed.ValueOr(_host, DefaultHost);
        int port = parsed.ValueOr(_port, DefaultPort);
        return new ToxiproxySettings(
            parsed.ValueOr(_api, ProxyEndpoint.Parse(string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"))),
            parsed.GetValue(_config) is { Length: > 0 } file ? file : null,
            parsed.GetResult(_seed) is null ? null : parsed.GetValue(_seed),
            parsed.GetValue(_proxyMetrics),
            parsed.GetValue(_runtimeMetrics));
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using var signals = new StopSignals();
        HangupSignal.Handle(signals.Stop);
        using ILoggerFactory loggerFactory = ConsoleLogging.Create(
            ParseLevel(Environment.GetEnvironmentVariable("LOG_LEVEL")), LogFormat.Text);
        await using var server = new ToxiproxyServer(Settings(parsed), loggerFactory);
        await server.StartAsync();
        StartMemory.GiveBack();
        await signals.First;
        await server.StopAsync(signals.Second);
        return signals.ExitCode;
    }
}
