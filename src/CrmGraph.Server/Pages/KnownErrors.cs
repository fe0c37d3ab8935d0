using System.Reflection;
using CrmGraph.Dashboard;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting;

namespace CrmGraph.Server.Pages;

/// <summary>What <see cref="ErrorCodeAttribute"/> says of every code, for the explorer's documentation.</summary>
internal static class KnownErrors
{
    public static IReadOnlyList<KnownError> All() =>
        [.. from assembly in new[] { typeof(ErrorCodes).Assembly, typeof(CrmLimits).Assembly }
            from type in assembly.GetExportedTypes()
            from constant in type.GetFields(BindingFlags.Public | BindingFlags.Static)
            where constant.IsLiteral
            let about = constant.GetCustomAttribute<ErrorCodeAttribute>()
            where about is not null
            select new KnownError((string)constant.GetRawConstantValue()!, about.When, about.Remedy)];
}
