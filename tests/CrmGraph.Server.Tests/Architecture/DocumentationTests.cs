using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Ingest;
using CrmGraph.Reporting.Live;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Reports;
using CrmGraph.Reporting.Segments;
using Xunit;

namespace CrmGraph.Server.Tests.Architecture;

/// <summary>The documents against the code: every code, limit, folder and link.</summary>
public sealed partial class DocumentationTests
{
    private static readonly Type[] Codes =
    [
        typeof(ErrorCodes), typeof(QueryErrorCodes), typeof(MetricErrorCodes), typeof(RefusalCodes), typeof(SegmentCodes), typeof(ReportCodes), typeof(ImportErrorCodes),
    ];

    /// <summary>Codes that stand where they are used, in one place each.</summary>
    private static readonly string[] Single = ["ORIGIN_NOT_ALLOWED", "LIVE_LIMIT"];

    private static readonly (string Prefix, object Limits)[] Limits =
    [
        ("GraphQL:", new GraphQLLimits()), ("Crm:", new CrmLimits()), ("LiveLimits.", new LiveLimits()), ("ImportLimits.", new ImportLimits()),
    ];

    [Fact]
    public void Every_error_code_is_documented_and_every_documented_code_exists()
    {
        var inCode = Codes.SelectMany(Constants).Select(c => (string)c.GetRawConstantValue()!).Concat(Single);
        var documented = Rows().Matches(Page()).Select(m => m.Groups[1].Value).Where(name => !name.Contains(':') && !name.Contains('.'));
        Assert.Equal(inCode.Distinct().Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_error_code_can_be_answered()
    {
        var sources = Repository.Files("src", "*.cs").Select(File.ReadAllText).ToList();
        Assert.Empty(from type in Codes
                     from code in Constants(type)
                     where !sources.Exists(s => s.Contains($"{type.Name}.{code.Name}", StringComparison.Ordinal))
                     select $"{type.Name}.{code.Name}");
    }

    [Fact]
    public void Every_limit_is_documented_with_its_default()
    {
        var inCode = from record in Limits
                     from property in record.Limits.GetType().GetProperties()
                     select $"{record.Prefix}{property.Name} = {Convert.ToString(property.GetValue(record.Limits), CultureInfo.InvariantCulture)}";
        var documented = LimitRows().Matches(Page()).Select(m => $"{m.Groups[1].Value} = {m.Groups[2].Value}");
        Assert.Equal(inCode.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_reason_of_a_refusal_is_documented()
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "access.md"));
        Assert.All(Enum.GetValues<RefusalReason>(), reason => Assert.Contains($"`{new AccessRefusedException(reason, "").ReasonCode}`", page));
    }

    [Fact]
    public void The_map_names_every_folder_of_the_product()
    {
        var map = File.ReadAllText(Repository.PathOf("src", "README.md"));
        Assert.Empty(from project in new[] { "CrmGraph.GraphQL", "CrmGraph.Reporting" }
                     from folder in Directory.GetDirectories(Repository.PathOf("src", project)).Select(Path.GetFileName)
                     where folder is not ("bin" or "obj") && !map.Contains($"/{folder}`", StringComparison.Ordinal) && !map.Contains($"`{folder}`", StringComparison.Ordinal)
                     select $"{project}/{folder}");
    }

    [Fact]
    public void No_link_between_documents_leads_nowhere()
    {
        var pages = Directory.GetFiles(Repository.Root, "*.md").Concat(Repository.Files("docs", "*.md")).Append(Repository.PathOf("src", "README.md"));
        Assert.Empty(from page in pages
                     from link in Links().Matches(File.ReadAllText(page)).Select(m => m.Groups[1].Value)
                     where !link.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link))
                     select $"{Repository.Relative(page)}: {link}");
    }

    private static string Page() => File.ReadAllText(Repository.PathOf("docs", "errors-and-limits.md"));

    private static IEnumerable<FieldInfo> Constants(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral);

    [GeneratedRegex(@"^\| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex(@"^\| `(\w+[:.]\w+)` \| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex LimitRows();

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Links();
}
