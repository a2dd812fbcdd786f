using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Pools;
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
    ClientSpread Spread);
