using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Paging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Reports;

[QueryType]
public static class ReportQueries
{
    /// <summary>The saved reports, including the templates shipped with the product, sorted by title.</summary>
    [UsePaging("Title"), UseFiltering, UseSorting]
    public static IQueryable<ReportDefinition> GetReportDefinitions(ResolverContext context) => Rows.Of(context).ReportDefinitions;

    /// <summary>A report by its ID. Null if it does not exist.</summary>
    public static Task<ReportDefinition?> GetReportDefinitionAsync([ID<ReportDefinition>] Guid id, ResolverContext context) =>
        Rows.Of(context).ReportDefinitions.FirstOrDefaultAsync(r => r.Id == id, context.CancellationToken);

    /// <summary>A report by its key. Null if it does not exist.</summary>
    /// <param name="key">The key of the report.</param>
    public static Task<ReportDefinition?> GetReportDefinitionByKeyAsync(string key, ResolverContext context) => FoldedText.IsStorable(key)
        ? Rows.Of(context).ReportDefinitions.FirstOrDefaultAsync(r => r.Key == key, context.CancellationToken)
        : Task.FromResult<ReportDefinition?>(null);

    /// <summary>
    /// Runs a version of a report with the caller's own rights, all sections on the same data, and stores nothing: for what is looked at, such as
    /// dashboards. Null if the report or the version does not exist.
    /// </summary>
    /// <param name="version">The version to run; by default the newest.</param>
    /// <param name="parameters">An object with the values of the report's parameters. Those with a default may be omitted.</param>
    public static async Task<ReportResult?> GetCurrentReportResultAsync(
        [ID<ReportDefinition>] Guid id,
        int? version,
        [GraphQLType("Any")] JsonElement? parameters,
        [Service] ReportRunner runner,
        ResolverContext context)
    {
        var result = await runner.CurrentAsync(id, version, parameters ?? default, context.State, context.Services, context.CancellationToken);
        if (result is not null)
            result.IsKept = false;
        return result;
    }
}

[ObjectType<ReportDefinition>]
public static class ReportDefinitionFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, ReportDefinition>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        BatchLookup.DictionaryAsync(ids, Rows.Of(context).ReportDefinitions, r => r.Id, context.CancellationToken);

    /// <summary>The title; of a report that is shipped with the product, in the language of the request.</summary>
    [BindMember(nameof(ReportDefinition.Title))]
    public static string GetTitle([Parent(nameof(ReportDefinition.Title))] ReportDefinition report, RequestState state) =>
        ReportTexts.In(Language.Of(state), report.Title);

    /// <summary>The content of the newest version. Texts that are shipped with the product come in the language of the request.</summary>
    public static ReportContent GetContent([Parent] ReportDefinition report, RequestState state) =>
        ReportTexts.In(Language.Of(state), ReportContent.FromJson(report.Document));

    /// <summary>The roles that see the report, besides administrators; empty if all roles do. It holds for all versions and stored results.</summary>
    [ListSize(AssumedSize = 5)]
    public static IReadOnlyList<Role> GetVisibleTo([Parent(nameof(ReportDefinition.VisibleTo))] ReportDefinition report) => RoleSet.In(report.VisibleTo);

    /// <summary>All versions of the report, newest first.</summary>
    [BatchResolver]
    [ListSize(AssumedSize = 20)]
    public static Task<IReadOnlyList<IReadOnlyList<ReportVersion>>> GetVersionsAsync(
        [Parent(nameof(ReportDefinition.Id))] IReadOnlyList<ReportDefinition> reports,
        ResolverContext context) =>
        BatchLookup.ManyAsync(reports, r => r.Id, Rows.Of(context).ReportVersions.OrderByDescending(v => v.Version), v => v.ReportId,
            context.CancellationToken);

    /// <summary>
    /// The newest stored result for these parameters and today's dates, in the language of the request, computed for the same access scope; administrators
    /// see all scopes. Null if there is none, or if the caller may no longer see the rows it was computed from: run the report then.
    /// </summary>
    /// <param name="version">The version of the report; by default the newest.</param>
    /// <param name="parameters">An object with the values of the report's parameters. Those with a default may be omitted.</param>
    public static async Task<ReportResult?> GetKeptResultAsync(
        [Parent] ReportDefinition report,
        int? version,
        [GraphQLType("Any")] JsonElement? parameters,
        ResolverContext context)
    {
        var wanted = version ?? report.Version;
        var rows = Rows.Of(context);
        var found = await rows.ReportVersions.FirstOrDefaultAsync(v => v.ReportId == report.Id && v.Version == wanted, context.CancellationToken);
        return found is null ? null
            : await context.Services.GetRequiredService<ReportRunner>().KeptAsync(found, parameters ?? default, rows.Caller, Language.Of(context.State),
                context.CancellationToken);
    }

    /// <summary>The stored results of all versions and parameters that the caller may see, newest first.</summary>
    [UsePaging("-AsOf", ConnectionName = "ReportResults", Of = nameof(ReportResult.ReportId))]
    public static IQueryable<ReportResult> GetResults(ResolverContext context) =>
        // Without the sections, which are large, and read when they are selected.
        Rows.Of(context).ReportResults.Select(r => new ReportResult
        {
            Id = r.Id,
            ReportId = r.ReportId,
            Version = r.Version,
            Parameters = r.Parameters,
            Dates = r.Dates,
            AsOf = r.AsOf,
            Findings = r.Findings,
            FindingsBy = r.FindingsBy,
        });
}

[ObjectType<ReportVersion>]
public static class ReportVersionFields
{
    /// <summary>The title of this version; of a report that is shipped with the product, in the language of the request.</summary>
    [BindMember(nameof(ReportVersion.Title))]
    public static string GetTitle([Parent(nameof(ReportVersion.Title))] ReportVersion version, RequestState state) =>
        ReportTexts.In(Language.Of(state), version.Title);

    /// <summary>The content of this version. Texts that are shipped with the product come in the language of the request.</summary>
    public static ReportContent GetContent([Parent] ReportVersion version, RequestState state) =>
        ReportTexts.In(Language.Of(state), ReportContent.FromJson(version.Document));
}

[ObjectType<ReportResult>]
public static class ReportResultFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, ReportResult>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        BatchLookup.DictionaryAsync(ids, Rows.Of(context).ReportResults, r => r.Id, context.CancellationToken);

    /// <summary>The report that was run.</summary>
    [UseLookup(nameof(ReportResult.ReportId))]
    public static IQueryable<ReportDefinition> GetReport(ResolverContext context) => Rows.Of(context).ReportDefinitions;

    /// <summary>The parameters that the report was run with, including defaults.</summary>
    [GraphQLType("Any!")]
    public static object GetParameters([Parent(nameof(ReportResult.Parameters))] ReportResult result) =>
        JsonSerializer.Deserialize<JsonElement>(result.Parameters);

    /// <summary>
    /// The periods that the result is about, in the order in which the sections name them. Relative periods are given as the days that they meant.
    /// </summary>
    [ListSize(AssumedSize = 5)]
    public static IReadOnlyList<ReportPeriod> GetPeriods([Parent(nameof(ReportResult.Dates))] ReportResult result) =>
        ReportDates.FromJson(result.Dates).Periods;

    /// <summary>The language of the labels and texts in the result, that of the request that ran the report, as a BCP 47 tag.</summary>
    public static string GetLanguage([Parent(nameof(ReportResult.Dates))] ReportResult result) =>
        ReportDates.FromJson(result.Dates).Language ?? Language.English.Tag;

    /// <summary>The sections of the report with their data.</summary>
    [BatchResolver]
    [ListSize(AssumedSize = 10)]
    public static async Task<IReadOnlyList<IReadOnlyList<ReportSectionResult>>> GetSectionsAsync(
        [Parent] IReadOnlyList<ReportResult> results, ResolverContext context)
    {
        var unread = results.Where(r => r.Document.Length == 0).Select(r => r.Id).ToList();
        var documents = unread.Count == 0 ? [] : await Rows.Of(context).ReportResults.Where(r => unread.Contains(r.Id))
            .Select(r => new { r.Id, r.Document }).ToDictionaryAsync(r => r.Id, r => r.Document, context.CancellationToken);
        return [.. results.Select(r => ReportSectionResult.Read(r.Document.Length > 0 ? r.Document : documents.GetValueOrDefault(r.Id, "[]")))];
    }
}
