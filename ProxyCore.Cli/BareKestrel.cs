using System.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli;

/// <summary>
/// Kestrel without a host around it. <c>WebApplication</c> would add 1.4 MB to the native command and nearly as much to
/// the memory of every relay, because the types of the whole program are unpacked at its start. The public
/// <c>KestrelServer</c> would add 2.9 MB: its constructor brings TLS.
/// </summary>
internal static class BareKestrel
{
    /// <summary>The services to get the one <c>IServer</c> from; it ends with them.</summary>
    internal static ServiceProvider Create(ILoggerFactory loggerFactory, Action<KestrelServerOptions> configure)
    {
        var collector = new ServiceCollector();
        collector.UseKestrelCore();
        return collector.Services
            .AddSingleton(loggerFactory)
            .AddSingleton<DiagnosticSource>(new DiagnosticListener("Microsoft.AspNetCore"))
            .AddMetrics()
            .Configure(configure)
            .BuildServiceProvider();
    }

    /// <summary>What <c>UseKestrelCore</c> adds its services to: it knows no other way. It builds nothing.</summary>
    private sealed class ServiceCollector : IWebHostBuilder
    {
        private readonly WebHostBuilderContext _context = new();

        internal ServiceCollection Services { get; } = [];

        public IWebHostBuilder ConfigureServices(Action<IServiceCollection> configureServices)
        {
            configureServices(Services);
            return this;
        }

        public IWebHostBuilder ConfigureServices(Action<WebHostBuilderContext, IServiceCollection> configureServices)
        {
            configureServices(_context, Services);
            return this;
        }

        public IWebHostBuilder ConfigureAppConfiguration(
            Action<WebHostBuilderContext, IConfigurationBuilder> configureDelegate) => this;

        public string? GetSetting(string key) => null;

        public IWebHostBuilder UseSetting(string key, string? value) => this;

#pragma warning disable ASPDEPR008 // The interface still names the obsolete type.
        public IWebHost Build() => throw new NotSupportedException();
#pragma warning restore ASPDEPR008
    }
}
