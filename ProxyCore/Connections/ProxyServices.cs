using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Pools;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;

namespace ProxyCore.Connections;

/// <summary>What a proxy is made with, beside its options. Any thread.</summary>
/// <param name="LoggerFactory">Makes the loggers.</param>
/// <param name="Logger">The logger of all but the access log; never throws.</param>
/// <param name="TimeProvider">The clock.</param>
/// <param name="Lookup">Looks names up.</param>
/// <param name="MeterFactory">Makes the meter; null has it made without.</param>
/// <param name="Name">The name of the proxy; null when it has none.</param>
/// <param name="AccessLogCapacity">How many connections may wait to be written to the access log.</param>
/// <param name="Parking">When quiet sockets are parked, if they are.</param>
/// <param name="Spread">How clients come to several loops.</param>
internal sealed record ProxyServices(
    ILoggerFactory LoggerFactory,
    ILogger Logger,
    TimeProvider TimeProvider,
    NameLookup Lookup,
    IMeterFactory? MeterFactory,
    string? Name,
    int AccessLogCapacity,
    ParkingPolicy Parking,
    ClientSpread Spread)
{
    /// <summary>What a proxy is made with in general.</summary>
    /// <param name="loggerFactory">Makes the loggers; null logs nothing.</param>
    /// <param name="timeProvider">The clock; null is the system's.</param>
    /// <param name="meterFactory">Makes the meter; null has it made without.</param>
    /// <param name="name">The name of the proxy; null when it has none.</param>
    internal static ProxyServices Create(
        ILoggerFactory? loggerFactory, TimeProvider? timeProvider, IMeterFactory? meterFactory, string? name)
    {
        loggerFactory ??= NullLoggerFactory.Instance;
        return new ProxyServices(
            loggerFactory,
            new GuardedLogger(loggerFactory.CreateLogger(LogCategories.Of(name))),
            timeProvider ?? TimeProvider.System,
            Dns.GetHostAddressesAsync,
            meterFactory,
            name,
            AccessLog.DefaultCapacity,
            new ParkingPolicy(),
            ClientSpreading.OfThisSystem);
    }
}
