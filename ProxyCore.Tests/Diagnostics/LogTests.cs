using System.Reflection;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;

namespace ProxyCore.Tests.Diagnostics;

internal sealed class LogTests
{
    private static readonly (MethodInfo Method, LoggerMessageAttribute Message)[] _messages =
    [
        .. typeof(Log)
            .GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Where(static method => method.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(ILogger))
            .Select(static method => (method, method.GetCustomAttribute<LoggerMessageAttribute>()!)),
    ];

    [Test]
    public void Every_log_method_is_a_message() =>
        Assert.That(_messages.Where(static one => one.Message is null).Select(static one => one.Method.Name), Is.Empty);

    [Test]
    public void Every_message_has_an_id_of_its_own()
    {
        Assert.That(_messages, Is.Not.Empty);
        Assert.That(_messages.Select(static one => one.Message.EventId), Is.Unique);
    }

    [Test]
    public void Every_id_is_in_the_range_of_its_subject() =>
        Assert.That(_messages.Select(static one => one.Message.EventId), Is.All.InRange(1, 99));

    [TestCase(40, 69, "ConnectionId")]
    [TestCase(70, 89, "Route")]
    public void Every_message_about_a_connection_or_an_upstream_names_it_or_its_route(int first, int last, string name) =>
        Assert.That(
            _messages
                .Where(one => one.Message.EventId >= first && one.Message.EventId <= last)
                .Where(one => !one.Method.GetParameters().Any(parameter => parameter.Name!.Equals(name, StringComparison.OrdinalIgnoreCase)))
                .Select(static one => one.Method.Name),
            Is.Empty);
}
