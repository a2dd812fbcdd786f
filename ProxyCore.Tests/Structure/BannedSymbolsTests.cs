using System.Net.Sockets;
using System.Reflection;

namespace ProxyCore.Tests.Structure;

/// <summary>The list of banned symbols against the runtime that is there: a new overload must not slip through.</summary>
internal sealed class BannedSymbolsTests
{
    private static readonly HashSet<string> _banned =
    [
        .. File.ReadLines(Path.Combine(Repository.Library, "BannedSymbols.txt")).Select(static line => line.Split(';')[0]),
    ];

    [Test]
    public void Every_asynchronous_method_of_Socket_is_banned()
    {
        string[] methods = [.. typeof(Socket).GetMethods().Where(static method => method.Name.EndsWith("Async", StringComparison.Ordinal)).Select(Id)];

        Assert.That(methods, Has.Length.GreaterThan(40));
        Assert.That(methods.Except(_banned), Is.Empty);
    }

    [Test]
    public void Every_banned_method_of_Socket_exists()
    {
        string[] methods = [.. typeof(Socket).GetMethods().Select(Id)];

        Assert.That(_banned.Where(static id => id.StartsWith("M:System.Net.Sockets.Socket.", StringComparison.Ordinal)), Is.SubsetOf(methods));
    }

    [Test]
    public void Every_ban_gives_its_reason() =>
        Assert.That(
            File.ReadLines(Path.Combine(Repository.Library, "BannedSymbols.txt")).Where(static line => line.Split(';') is not [_, { Length: > 10 }]),
            Is.Empty);

    /// <summary>The method as documentation comments, and so the analyzer, name it.</summary>
    private static string Id(MethodInfo method)
    {
        string parameters = string.Join(',', method.GetParameters().Select(static parameter => Id(parameter.ParameterType)));
        string name = $"M:{method.DeclaringType!.FullName}.{method.Name}";
        return parameters.Length == 0 ? name : $"{name}({parameters})";
    }

    private static string Id(Type type)
    {
        if (type.IsByRef)
        {
            return Id(type.GetElementType()!) + "@";
        }

        if (type.IsArray)
        {
            return Id(type.GetElementType()!) + "[]";
        }

        if (!type.IsGenericType)
        {
            return type.FullName!;
        }

        string definition = type.GetGenericTypeDefinition().FullName!;
        return $"{definition[..definition.IndexOf('`')]}{{{string.Join(',', type.GetGenericArguments().Select(Id))}}}";
    }
}
