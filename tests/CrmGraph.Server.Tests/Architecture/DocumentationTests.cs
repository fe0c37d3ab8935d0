using System.Text.RegularExpressions;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using CrmGraph.Tools.Docs;
using Xunit;

namespace CrmGraph.Server.Tests.Architecture;

/// <summary>The documents against the code: every code, limit, folder and link.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void The_page_of_codes_and_limits_is_what_the_code_says_now() =>
        Assert.True(File.ReadAllText(Repository.PathOf("docs", "errors-and-limits.md")) == ErrorsPage.Print(),
            "docs/errors-and-limits.md is not what the code says; run: dotnet run --project tools/CrmGraph.Tools -- docs errors --output docs/errors-and-limits.md");

    [Fact]
    public void The_page_of_metrics_is_what_the_catalogue_says_now() =>
        Assert.True(File.ReadAllText(Repository.PathOf("docs", "metrics.md")) == MetricsPage.Print(),
            "docs/metrics.md is not what the code says; run: dotnet run --project tools/CrmGraph.Tools -- docs metrics --output docs/metrics.md");

    [Fact]
    public void No_class_of_codes_is_left_out_of_the_page_and_no_code_stands_twice()
    {
        var classes = new[] { typeof(ErrorCodes).Assembly, typeof(CrmLimits).Assembly, typeof(CrmServer).Assembly }.SelectMany(a => a.GetTypes())
            .Where(t => t is { IsAbstract: true, IsSealed: true } && t.Name.EndsWith("Codes", StringComparison.Ordinal) && t.Name != "CloseCodes"
                && ErrorsPage.Constants(t).Any(f => f.FieldType == typeof(string)));
        Assert.Equal(classes.Select(t => t.Name).Where(n => n != "CurrencyCodes").Order(), ErrorsPage.Codes.Select(t => t.Name).Order());
        var codes = ErrorsPage.Codes.SelectMany(ErrorsPage.Constants).Select(c => (string)c.GetRawConstantValue()!).ToList();
        Assert.Equal(codes.Distinct(), codes);
    }

    /// <summary>The codes that HotChocolate documents for the same conditions (its reference of error codes, version 16).</summary>
    [Theory]
    [InlineData(ErrorCodes.InvalidRequest, "HC0009")]
    [InlineData(ErrorCodes.RequestTooLarge, "HC0010")]
    [InlineData(ErrorCodes.SyntaxError, "HC0011")]
    [InlineData(ErrorCodes.MissingQuery, "HC0013")]
    [InlineData(ErrorCodes.OperationNotFound, "HC0015")]
    [InlineData(ErrorCodes.InvalidVariable, "HC0016")]
    [InlineData(ErrorCodes.NonNullViolation, "HC0018")]
    [InlineData(ErrorCodes.DocumentNotFound, "HC0020")]
    [InlineData(ErrorCodes.NullInFilter, "HC0026")]
    [InlineData(ErrorCodes.Timeout, "HC0045")]
    [InlineData(ErrorCodes.IntrospectionNotAllowed, "HC0046")]
    [InlineData(ErrorCodes.CostExceeded, "HC0047")]
    [InlineData(ErrorCodes.PageTooLarge, "HC0051")]
    [InlineData(ErrorCodes.UnsupportedAccept, "HC0063")]
    [InlineData(ErrorCodes.OnlyPersisted, "HC0067")]
    [InlineData(ErrorCodes.TooManyNodes, "HC0076")]
    [InlineData(ErrorCodes.InvalidCursor, "HC0078")]
    [InlineData(ErrorCodes.PageTooSmall, "HC0079")]
    [InlineData(ErrorCodes.OneSlicingArgument, "HC0082")]
    [InlineData(ErrorCodes.IntrospectionTooDeep, "HC0086")]
    [InlineData(ErrorCodes.TooManyComparisons, "HC0107")]
    [InlineData(ErrorCodes.NotAuthenticated, "AUTH_NOT_AUTHENTICATED")]
    [InlineData(ErrorCodes.NotAuthorized, "AUTH_NOT_AUTHORIZED")]
    public void Codes_are_HotChocolates_where_the_condition_is_the_same(string ours, string theirs) => Assert.Equal(theirs, ours);

    [Fact]
    public void Every_error_code_has_a_Chinese_label_and_nothing_else_has()
    {
        Assert.Equal(
            ErrorsPage.Codes.SelectMany(ErrorsPage.Constants).Select(c => (string)c.GetRawConstantValue()!).Distinct().Order(StringComparer.Ordinal),
            ErrorTexts.Chinese.Keys.Order(StringComparer.Ordinal));
        Assert.All(ErrorTexts.Chinese.Values, text => Assert.Matches(@"\p{IsCJKUnifiedIdeographs}.*。$", text));
    }

    [Fact]
    public void Every_error_code_can_be_answered()
    {
        var sources = Repository.Files("src", "*.cs").Select(File.ReadAllText).ToList();
        Assert.Empty(from type in ErrorsPage.Codes
                     from code in ErrorsPage.Constants(type)
                     where !sources.Exists(s => s.Contains($"{type.Name}.{code.Name}", StringComparison.Ordinal))
                     select $"{type.Name}.{code.Name}");
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
                     where folder is not ("bin" or "obj") && !map.Contains($"/{folder}`", StringComparison.Ordinal)
                         && !map.Contains($"`{folder}`", StringComparison.Ordinal)
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

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Links();
}
