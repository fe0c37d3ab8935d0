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
    /// <summary>The saved reports and the templates that come with the product.</summary>
    [UsePaging("Title"), UseFiltering, UseSorting]
    public static IQueryable<ReportDefinition> GetReportDefinitions(ResolverContext context) => Rows.Of(context).ReportDefinitions;

    /// <summary>A report by id; null when there is none.</summary>
    public static Task<ReportDefinition?> GetReportDefinitionAsync([ID<ReportDefinition>] Guid id, ResolverContext context) =>
        Rows.Of(context).ReportDefinitions.FirstOrDefaultAsync(r => r.Id == id, context.CancellationToken);

    /// <summary>A report by its key; null when there is none.</summary>
    public static Task<ReportDefinition?> GetReportDefinitionByKeyAsync(string key, ResolverContext context) => FoldedText.IsStorable(key)
        ? Rows.Of(context).ReportDefinitions.FirstOrDefaultAsync(r => r.Key == key, context.CancellationToken)
        : Task.FromResult<ReportDefinition?>(null);
}

[ObjectType<ReportDefinition>]
public static class ReportDefinitionFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, ReportDefinition>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        BatchLookup.DictionaryAsync(ids, Rows.Of(context).ReportDefinitions, r => r.Id, context.CancellationToken);

    /// <summary>What the newest version holds.</summary>
    public static ReportContent GetContent([Parent] ReportDefinition report) => ReportContent.FromJson(report.Document);

    /// <summary>All versions, the newest first.</summary>
    [BatchResolver]
    [ListSize(AssumedSize = 20)]
    public static Task<IReadOnlyList<IReadOnlyList<ReportVersion>>> GetVersionsAsync(
        [Parent(nameof(ReportDefinition.Id))] IReadOnlyList<ReportDefinition> reports,
        ResolverContext context) =>
        BatchLookup.ManyAsync(reports, r => r.Id, Rows.Of(context).ReportVersions.OrderByDescending(v => v.Version), v => v.ReportId,
            context.CancellationToken);

    /// <summary>
    /// The newest kept result of a version with these parameters, of the days that they mean today, that was computed for the same access scope, as long as
    /// the caller still sees the rows of then (an administrator sees all scopes); null when there is none: run the report.
    /// </summary>
    /// <param name="version">The newest version when left out.</param>
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
            : await context.Services.GetRequiredService<ReportRunner>().KeptAsync(found, parameters ?? default, rows.Caller, context.CancellationToken);
    }
}

[ObjectType<ReportVersion>]
public static class ReportVersionFields
{
    public static ReportContent GetContent([Parent] ReportVersion version) => ReportContent.FromJson(version.Document);
}

[ObjectType<ReportResult>]
public static class ReportResultFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, ReportResult>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        BatchLookup.DictionaryAsync(ids, Rows.Of(context).ReportResults, r => r.Id, context.CancellationToken);

    [UseLookup(nameof(ReportResult.ReportId))]
    public static IQueryable<ReportDefinition> GetReport(ResolverContext context) => Rows.Of(context).ReportDefinitions;

    /// <summary>The parameters with which the report was run, defaults included.</summary>
    [GraphQLType("Any!")]
    public static object GetParameters([Parent] ReportResult result) => JsonSerializer.Deserialize<JsonElement>(result.Parameters);

    /// <summary>The periods that it is about, in the order in which the sections name them: what relative ones meant then. A day by itself is that of the run.</summary>
    [ListSize(AssumedSize = 5)]
    public static IReadOnlyList<ReportPeriod> GetPeriods([Parent] ReportResult result) => ReportDates.FromJson(result.Dates).Periods;

    [ListSize(AssumedSize = 10)]
    public static IReadOnlyList<ReportSectionResult> GetSections([Parent] ReportResult result) => ReportSectionResult.Read(result.Document);
}
