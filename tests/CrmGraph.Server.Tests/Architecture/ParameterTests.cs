using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL;
using CrmGraph.Reporting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CrmGraph.Server.Tests.Architecture;

/// <summary>What the parameters of methods and constructors keep to, by reflection over the built code.</summary>
public sealed class ParameterTests
{
    private const int Most = 7;

    private static readonly IReadOnlyList<MethodBase> Written =
    [
        .. new[] { typeof(GraphQLRequest), typeof(CrmDbContext), typeof(CrmSchema), typeof(CrmServer) }
            .SelectMany(t => t.Assembly.GetTypes()).Where(t => !IsMade(t)).SelectMany(Methods).Where(m => !IsMade(m) && !IsOfRecord(m)),
    ];

    /// <summary>What the log's generator fills in has a parameter for every place in its message.</summary>
    [Fact]
    public void No_method_takes_more_than_seven_parameters() =>
        AssertNone(Written.Where(m => m.GetParameters().Length > Most && !m.IsDefined(typeof(LoggerMessageAttribute))));

    /// <summary>A method that takes several tokens tells them apart by their names.</summary>
    [Fact]
    public void The_one_cancellation_token_of_a_method_is_called_cancellationToken() =>
        AssertNone(Written.Where(m => !IsNamedElsewhere(m) && m.GetParameters().Where(p => p.ParameterType == typeof(CancellationToken)).ToList()
            is [{ Name: not "cancellationToken" }]));

    private static void AssertNone(IEnumerable<MethodBase> methods)
    {
        var strays = methods.Select(m => $"{m.DeclaringType}.{m.Name}({string.Join(", ", m.GetParameters().Select(p => p.Name))})").ToList();
        if (strays.Count > 0)
            Assert.Fail(string.Join('\n', strays));
    }

    private static IEnumerable<MethodBase> Methods(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .OfType<MethodBase>();

    /// <summary>By the compiler or a generator, which give their own names. A local function is one of them and counts by what is written around it.</summary>
    private static bool IsMade(MemberInfo member) =>
        member.Name.Contains('<') || member.IsDefined(typeof(CompilerGeneratedAttribute)) || member.IsDefined(typeof(GeneratedCodeAttribute))
        || (member.DeclaringType is { } outer && IsMade(outer));

    /// <summary>A record's parameters are its properties.</summary>
    private static bool IsOfRecord(MethodBase method) =>
        method.DeclaringType!.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null && method.Name is ".ctor" or "Deconstruct";

    private static bool IsNamedElsewhere(MethodBase method) =>
        method is MethodInfo { IsVirtual: true } overriding && overriding.GetBaseDefinition().Module.Assembly != method.Module.Assembly;
}
