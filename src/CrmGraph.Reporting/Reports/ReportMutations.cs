using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Reports;

[MutationType]
[Error<NotFoundException>]
public static class ReportMutations
{
    /// <summary>Saves a report as version 1.</summary>
    /// <param name="key">A short name for programs: small letters, digits, hyphens.</param>
    /// <param name="title">Names subject and period.</param>
    [Error<ReportInvalidException>, Error<ConflictException>]
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<ReportDefinition> CreateReportDefinitionAsync(
        string key,
        string title,
        ReportContentInput content,
        [Service] ReportStore store,
        Caller caller,
        CancellationToken cancellationToken) =>
        store.CreateAsync(key, title, content.ToContent(), caller, cancellationToken);

    /// <summary>Saves a change as a new version.</summary>
    /// <param name="expectedVersion">The version that the change was made from; a newer one is a conflict. Left out, the newest is changed.</param>
    [Error<ReportInvalidException>, Error<ConflictException>]
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<ReportDefinition> UpdateReportDefinitionAsync(
        [ID<ReportDefinition>] Guid id,
        int? expectedVersion,
        string? title,
        ReportContentInput? content,
        [Service] ReportStore store,
        Caller caller,
        CancellationToken cancellationToken) =>
        store.UpdateAsync(id, expectedVersion, title, content?.ToContent(), caller, cancellationToken);

    /// <summary>Takes a report out of the lists and gives its key free. Versions and kept results stay in the database.</summary>
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<ReportDefinition> DeleteReportDefinitionAsync(
        [ID<ReportDefinition>] Guid id,
        [Service] ReportStore store,
        CancellationToken cancellationToken) =>
        store.DeleteAsync(id, cancellationToken);

    /// <summary>Computes a version of a report under the caller's own rights and keeps the result. Everyone may, viewers too: no figure is changed.</summary>
    /// <param name="version">The newest when left out.</param>
    /// <param name="parameters">An object with the values of the report's parameters; those with a default may be left out.</param>
    [Error<ReportInvalidException>]
    public static async Task<ReportResult> RunReportAsync(
        [ID<ReportDefinition>] Guid id,
        int? version,
        [GraphQLType("Any")] JsonElement? parameters,
        [Service] ReportRunner runner,
        ResolverContext context)
    {
        var rows = Rows.Of(context);
        var report = await rows.ReportDefinitions.FirstOrDefaultAsync(r => r.Id == id, context.CancellationToken)
            ?? throw NotFoundException.Of("report definition", id.ToString(), ReportCodes.NotFound);
        var wanted = version ?? report.Version;
        var found = await rows.ReportVersions.FirstOrDefaultAsync(v => v.ReportId == id && v.Version == wanted, context.CancellationToken)
            ?? throw NotFoundException.Of("version", $"{wanted} of {report.Key}", ReportCodes.NotFound);
        return await runner.RunAsync(found, parameters ?? default, rows.Caller, context.State, context.Services, context.CancellationToken);
    }
}
