using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Analyses;
using CrmGraph.Reporting.Exports;
using CrmGraph.Reporting.Formulas;
using CrmGraph.Reporting.Goals;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Live;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Reports;
using CrmGraph.Reporting.Segments;

namespace CrmGraph.Tools.Docs;

/// <summary>
/// <c>docs/errors-and-limits.md</c>, made of the code: of each code's <see cref="ErrorCodeAttribute"/>, and of each limit's default and summary. A
/// new code or limit brings its row along.
/// </summary>
public static partial class ErrorsPage
{
    /// <summary>The classes that hold codes.</summary>
    public static IReadOnlyList<Type> Codes { get; } =
    [
        typeof(ErrorCodes), typeof(QueryErrorCodes), typeof(MetricErrorCodes), typeof(AnalysisErrorCodes), typeof(LiveErrorCodes), typeof(RefusalCodes),
        typeof(SegmentCodes), typeof(ReportCodes), typeof(ImportErrorCodes), typeof(ExportErrorCodes), typeof(GoalCodes), typeof(FormulaCodes),
    ];

    private static readonly (string Title, string Prefix, object Limits)[] Limits =
    [
        ("The engine", "GraphQL:", new GraphQLLimits()), ("The product", "Crm:", new CrmLimits()), ("Live queries", "LiveLimits.", new LiveLimits()),
        ("Imports", "ImportLimits.", new ImportLimits()),
    ];

    private static readonly (ErrorPlace Place, string Title, string Text)[] Places =
    [
        (ErrorPlace.Request, "Requests",
            "Nothing was executed. The status is that of `application/graphql-response+json`; with `application/json` a well-formed request is answered with "
            + "200 where the status is 400. A WebSocket gets them as an `error` message."),
        (ErrorPlace.Field, "Fields", "The field is null and `errors` has its `path`; the status is 200."),
        (ErrorPlace.Payload, "Mutations",
            "Entries of a payload's `errors`, and `code` of a row in a bulk outcome; the status is 200. A query that meets the same, "
            + "such as a filter by a segment that is gone, has it as the error of its field."),
        (ErrorPlace.Import, "Imports",
            "`error.code` of the report, or `extensions.code` when the file was not begun. Rows that are refused have rules instead: see [import](import.md)."),
    ];

    /// <summary>The codes of a class.</summary>
    public static IEnumerable<FieldInfo> Constants(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral);

    public static string Print()
    {
        var page = new StringBuilder("""
            # Errors and limits

            Every error has a code for programs (`extensions.code`, or `code` in a mutation's `errors`) and a message for people that says what would be right. Codes
            with `HC` are HotChocolate's, for the same conditions. Messages are English. A request that prefers Chinese (`Accept-Language: zh`) also gets `codeLabel`
            beside the code: what the code means in Chinese, without the values that the message has ([below](#in-chinese)). This page is made by `crmgraph docs errors`.

            ## Codes

            """);
        foreach (var (place, title, text) in Places)
            Append(page, place, title, text);
        page.Append("\n### In Chinese\n\n| Code | `codeLabel` |\n|---|---|\n");
        foreach (var code in Codes.SelectMany(Constants).Select(c => (string)c.GetRawConstantValue()!).Distinct())
            page.Append(CultureInfo.InvariantCulture, $"| `{code}` | {ErrorTexts.Chinese[code]} |\n");
        page.Append("""

            ## Limits

            Those with a colon are settings of the server ([running](running.md)): `--GraphQL:BodyBytes 2000000`; those of costs can differ by role ([costs](costs.md)). The
            others are fixed.

            """);
        foreach (var (title, prefix, limits) in Limits)
            Append(page, title, prefix, limits);
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static void Append(StringBuilder page, ErrorPlace place, string title, string text)
    {
        var codes = from type in Codes
                    from code in Constants(type)
                    let about = code.GetCustomAttribute<ErrorCodeAttribute>()
                        ?? throw new InvalidOperationException($"{type.Name}.{code.Name} has no [ErrorCode], which would say when it is answered.")
                    where about.Place == place
                    select (Code: (string)code.GetRawConstantValue()!, About: about);
        var statuses = place is ErrorPlace.Request or ErrorPlace.Import;
        page.Append(
            CultureInfo.InvariantCulture,
            $"\n### {title}\n\n{text}\n\n| Code | {(statuses ? "Status | " : "")}When | What to do |\n|---|---|---|{(statuses ? "---|" : "")}\n");
        foreach (var (code, about) in codes)
            page.Append(CultureInfo.InvariantCulture, $"| `{code}` | {(statuses ? about.Status + " | " : "")}{about.When} | {about.Remedy} |\n");
    }

    private static void Append(StringBuilder page, string title, string prefix, object limits)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n### {title}\n\n| Limit | Default | What |\n|---|---|---|\n");
        foreach (var limit in limits.GetType().GetProperties())
            page.Append(CultureInfo.InvariantCulture, $"| `{prefix}{limit.Name}` | {limit.GetValue(limits)} | {Summary(limit)} |\n");
    }

    /// <summary>The property's summary, from the file that the compiler writes beside the assembly, as Markdown.</summary>
    private static string Summary(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        var name = $"P:{type.FullName}.{property.Name}";
        var summary = XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")).Descendants("member")
            .FirstOrDefault(m => m.Attribute("name")?.Value == name)?
            .Element("summary")
            ?? throw new InvalidOperationException($"{type.Name}.{property.Name} has no summary, which would say what it limits.");
        var text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")?.Value.Split('.')[^1]}`",
            _ => node.ToString(),
        }));
        return Blanks().Replace(text, " ").Trim().TrimEnd('.');
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
