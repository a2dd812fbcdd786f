using System.Reflection;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace ProxyCore.Tests.Portable;

/// <summary>
/// The tests as a program that needs no more of NUnit than its framework, a fixture at a time: for where NUnit's engine, or a
/// process that has run many tests, does not go on. See <c>.ci/portable-tests</c>.
/// </summary>
internal static class FixtureProgram
{
    // NUnit keeps the names of its settings to itself.
    private const string FixturesToLoad = "LOAD";
    private const string Workers = "NumberOfTestWorkers";

    private const string Usage = "usage: ProxyCore.Tests list NAMESPACE | run FIXTURE [CATEGORY-LEFT-OUT]";

    internal static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["list", string rooms]:
                List(rooms);
                return 0;
            case ["run", string fixture]:
                return Run(fixture, TestFilter.Empty);
            case ["run", string fixture, string leftOut]:
                return Run(fixture, TestFilter.FromXml($"<filter><not><cat>{leftOut}</cat></not></filter>"));
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    /// <summary>Names the fixtures of a namespace and of those in it.</summary>
    private static void List(string room)
    {
        IEnumerable<Type> fixtures = Assembly.GetExecutingAssembly().GetTypes()
            .Where(type => !type.IsAbstract && $"{type.Namespace}.".StartsWith($"{room}.", StringComparison.Ordinal))
            .Where(static type => type.GetMethods().Any(IsTest));
        foreach (Type fixture in fixtures)
        {
            Console.WriteLine(fixture.FullName);
        }
    }

    private static bool IsTest(MethodInfo method) =>
        method.GetCustomAttributes(inherit: true).Any(static one => one is ISimpleTestBuilder or ITestBuilder);

    /// <summary>Runs a fixture, on one thread; returns 1 when a test fails or there is none to run.</summary>
    private static int Run(string fixture, ITestFilter filter)
    {
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(Assembly.GetExecutingAssembly(), new Dictionary<string, object>
        {
            [FixturesToLoad] = new List<string> { fixture },
            [Workers] = 0,
        });
        ITestResult result = runner.Run(new Printer(), filter);
        Console.WriteLine($"succeeded: {result.PassCount}\nfailed: {result.FailCount}\nskipped: {result.SkipCount}");
        return result.FailCount == 0 && result.TotalCount > 0 ? 0 : 1;
    }

    /// <summary>Prints each test before it begins, so that the last one of a process that ends or hangs is known.</summary>
    private sealed class Printer : ITestListener
    {
        public void TestStarted(ITest test)
        {
            if (!test.IsSuite)
            {
                Console.WriteLine($"started {test.FullName}");
            }
        }

        public void TestFinished(ITestResult result)
        {
            if (!result.Test.IsSuite && result.ResultState.Status == TestStatus.Failed)
            {
                Console.WriteLine($"failed {result.FullName}\n{result.Message}");
            }
        }

        public void TestOutput(TestOutput output)
        {
        }

        public void SendMessage(TestMessage message)
        {
        }
    }
}
