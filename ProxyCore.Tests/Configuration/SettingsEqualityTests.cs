using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Moq;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Configuration;

/// <summary>A reload compares settings to find what has changed: equal options must give equal settings.</summary>
internal sealed class SettingsEqualityTests
{
    private static readonly Dictionary<Type, (Func<object?> One, Func<object?> Other)> _samples = new()
    {
        [typeof(int)] = (static () => 1, static () => 2),
        [typeof(double)] = (static () => 1.0, static () => 2.0),
        [typeof(int?)] = (static () => 1, static () => null),
        [typeof(UInt128)] = (static () => UInt128.One, static () => UInt128.Zero),
        [typeof(long)] = (static () => 1L, static () => 2L),
        [typeof(byte)] = (static () => (byte)1, static () => (byte)2),
        [typeof(bool)] = (static () => true, static () => false),
        [typeof(string)] = (static () => new string('a', 3), static () => "b"),
        [typeof(TimeSpan)] = (static () => TimeSpan.FromSeconds(1), static () => TimeSpan.FromSeconds(2)),
        [typeof(TimeSpan?)] = (static () => TimeSpan.FromSeconds(1), static () => null),
        [typeof(Rate?)] = (static () => new Rate(1, 1), static () => null),
        [typeof(Rate?)] = (static () => new Rate(10, 1), static () => null),
        [typeof(Toxic)] = (static () => new LatencyToxic(), static () => new NoOpToxic()),
        [typeof(IPAddress)] = (static () => IPAddress.Parse("192.0.2.1"), static () => IPAddress.Parse("192.0.2.2")),
        [typeof(ProxyEndpoint)] = (static () => ProxyEndpoint.Parse("1"), static () => ProxyEndpoint.Parse("2")),
        [typeof(Func<IBalancingPolicy>)] = (static () => _policy, static () => _otherPolicy),
        [typeof(IRouteSelector)] = (static () => _selector, static () => null),
        [typeof(IConnectionObserver)] = (static () => _observer, static () => _otherObserver),
        [typeof(IUpstreamObserver)] = (static () => _upstreamObserver, static () => _otherUpstreamObserver),
        [typeof(SafeSocketHandle)] = (static () => _socket, static () => _otherSocket),
    };

    // They are what they are: equal to themselves only.
    private static readonly Func<IBalancingPolicy> _policy = static () => null!;
    private static readonly Func<IBalancingPolicy> _otherPolicy = static () => throw new NotSupportedException();
    private static readonly IRouteSelector _selector = Mock.Of<IRouteSelector>();
    private static readonly IConnectionObserver _observer = Mock.Of<IConnectionObserver>();
    private static readonly IConnectionObserver _otherObserver = Mock.Of<IConnectionObserver>();
    private static readonly IUpstreamObserver _upstreamObserver = Mock.Of<IUpstreamObserver>();
    private static readonly IUpstreamObserver _otherUpstreamObserver = Mock.Of<IUpstreamObserver>();
    private static readonly SafeSocketHandle _socket = new(1, ownsHandle: false);
    private static readonly SafeSocketHandle _otherSocket = new(2, ownsHandle: false);

    private static IEnumerable<Type> Records() => typeof(ProxySettings).Assembly.GetTypes().Where(static type =>
        type is { Namespace: "ProxyCore.Settings", IsAbstract: false, IsNested: false }
        && type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null);

    private static IEnumerable<TestCaseData> Members() =>
        from record in Records()
        from parameter in ConstructorOf(record).GetParameters()
        select new TestCaseData(record, parameter.Name).SetArgDisplayNames(record.Name, parameter.Name!);

    [Test]
    public void All_settings_are_among_them() => Assert.That(
        Records(),
        Is.SupersetOf((Type[])
        [
            typeof(ProxySettings), typeof(RouteSettings), typeof(ListenSettings), typeof(PoolSettings), typeof(UpstreamSettings),
            typeof(HealthCheckSettings), typeof(PassiveHealthSettings), typeof(AccessLogSettings), typeof(AccessSettings), typeof(BandwidthSettings), typeof(Extensions),
            typeof(ProxyProtocolSettings), typeof(SendProxyProtocolSettings), typeof(ListenTlsSettings), typeof(UpstreamTlsSettings),
            typeof(CertificateSettings), typeof(ClientCertificateSettings),
        ]));

    [TestCaseSource(nameof(Records))]
    public void Two_with_equal_members_are_equal(Type record)
    {
        object one = Make(record);
        object other = Make(record);

        Assert.That(other.Equals(one), Is.True);
        Assert.That(other.GetHashCode(), Is.EqualTo(one.GetHashCode()));
    }

    [TestCaseSource(nameof(Members))]
    public void Two_that_differ_in_one_member_are_not(Type record, string member) =>
        Assert.That(Make(record, member).Equals(Make(record)), Is.False);

    [Test]
    public void Options_read_twice_give_equal_settings()
    {
        static TcpProxyOptions Options() => new()
        {
            AccessLog = new AccessLogOptions { Path = "log" },
            Access = new AccessOptions { Allow = { "10.0.0.0/8" }, Deny = { "::1" }, AllowFiles = { "allow" }, DenyFiles = { "deny" } },
            Routes =
            {
                new RouteOptions
                {
                    Listen = { new ListenOptions("8080") { ProxyProtocol = new ProxyProtocolOptions { From = { "10.0.0.0/8" } }, Tls = Tls() } },
                    ClientCertificates = ClientCertificateMode.Required,
                    ClientCa = "ca",
                    Upstreams = { new UpstreamOptions { Address = "a.example:80", Tls = new UpstreamTlsOptions { Certificate = Certificate(), Alpn = { "h2" } } }, new UpstreamOptions { Address = "[::1]:80", SendProxyProtocol = ProxyProtocolVersion.V1 } },
                    HealthCheck = new HealthCheckOptions { Send = "PING", Expect = "PONG" },
                    Bandwidth = new BandwidthOptions { ToClient = 1024 },
                    ServerNames = { "a.example" },
                    Alpn = { "h2" },
                },
            },
        };

        static ListenTlsOptions Tls() => new() { Certificates = { Certificate() }, Alpn = { "h2" } };
        static CertificateOptions Certificate() => new() { Certificate = "a.pem", Key = "a.key" };

        ProxySettings first = OptionsReader.Read(Options()).Settings;
        ProxySettings second = OptionsReader.Read(Options()).Settings;

        Assert.That(second.Equals(first), Is.True);
    }

    private static ConstructorInfo ConstructorOf(Type record) =>
        record.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(constructor => constructor.GetParameters() is not [{ ParameterType: var only }] || only != record)
            .MaxBy(static constructor => constructor.GetParameters().Length)!;

    private static object Make(Type record, string? different = null)
    {
        ConstructorInfo constructor = ConstructorOf(record);
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Sample(parameter.ParameterType, parameter.Name == different))]);
    }

    /// <summary>A new object each time, so that a member which is equal only to itself is found.</summary>
    private static object? Sample(Type type, bool isDifferent)
    {
        if (_samples.TryGetValue(type, out (Func<object?> One, Func<object?> Other) sample))
        {
            return isDifferent ? sample.Other() : sample.One();
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type).GetValue(isDifferent ? 1 : 0);
        }

        if (type.IsArray || type.GetInterfaces().Append(type).Any(static one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IEnumerable<>)))
        {
            return List(type, isDifferent);
        }

        return Records().Contains(type)
            ? Make(type, isDifferent ? ConstructorOf(type).GetParameters()[0].Name : null)
            : throw new NotSupportedException($"a setting of {type}: give it a sample");
    }

    private static object List(Type type, bool isDifferent)
    {
        Type item = type.IsArray ? type.GetElementType()! : type.GetGenericArguments()[0];
        var items = Array.CreateInstance(item, 2);
        items.SetValue(Sample(item, isDifferent: false), 0);
        items.SetValue(Sample(item, isDifferent), 1);
        return type.IsAssignableFrom(items.GetType()) ? items : MakeValueList(item, items);
    }

    private static object MakeValueList(Type item, IEnumerable items) =>
        typeof(SettingsEqualityTests).GetMethod(nameof(MakeValueListOf), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(item).Invoke(null, [items])!;

    private static ValueList<T> MakeValueListOf<T>(T[] items) => [.. items];
}
