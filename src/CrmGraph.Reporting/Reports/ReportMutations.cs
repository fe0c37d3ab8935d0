using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Reports;

[MutationType]
[Error<NotFoundException>]
public static class ReportMutations
{
    /// <summary>Saves a report as version 1.</summary>
    /// <param name="key">A short unique name for programs: lower-case letters, digits and hyphens.</param>
    /// <param name="title">The title; it should name the subject and the period.</param>
    /// <param name="content">The content of the report.</param>
    /// <param name="visibleTo">The roles that see the report, besides administrators; if omitted or empty, all roles do.</param>
    [Error<ReportInvalidException>, Error<ConflictException>]
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<ReportDefinition> CreateReportDefinitionAsync(
        string key,
        string title,
        ReportContentInput content,
        IReadOnlyList<Role>? visibleTo,
        [Service] ReportStore store,
        Caller caller,
        CancellationToken cancellationToken) =>
        store.CreateAsync(key, title, content.ToContent(), visibleTo ?? [], caller, cancellationToken);

    /// <summary>Saves a change to a report as a new version.</summary>
    /// <param name="title">The title of the new version; by default the same as before.</param>
    /// <param name="content">The content of the new version; by default the same as before.</param>
    /// <param name="expectedVersion">
    /// The version that the change is based on. If a newer one exists, the mutation fails with a conflict. If omitted, the newest version is changed.
    /// </param>
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

    /// <summary>Shares a report with some roles or with all of them. What readers see in it still follows from their own rights.</summary>
    /// <param name="visibleTo">The roles that see the report, besides administrators: the caller's own must be one of them. Empty for all roles.</param>
    [Error<ReportInvalidException>]
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<ReportDefinition> UpdateReportVisibilityAsync(
        [ID<ReportDefinition>] Guid id,
        IReadOnlyList<Role> visibleTo,
        [Service] ReportStore store,
        Caller caller,
        CancellationToken cancellationToken) =>
        store.ShareAsync(id, visibleTo, caller, cancellationToken);

    /// <summary>Removes a report from all lists and frees its key. Its versions and stored results stay in the database.</summary>
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<ReportDefinition> DeleteReportDefinitionAsync(
        [ID<ReportDefinition>] Guid id,
        [Service] ReportStore store,
        Caller caller,
        CancellationToken cancellationToken) =>
        store.DeleteAsync(id, caller, cancellationToken);

    /// <summary>
    /// Runs a version of a report with the caller's own rights and stores the result, with labels in the language of the request (`Accept-Language`). Every
    /// role may do this, because it changes no CRM data.
    /// </summary>
    /// <param name="id">The ID of the report; or give `key`.</param>
    /// <param name="key">The key of the report; or give `id`.</param>
    /// <param name="version">The version to run; by default the newest.</param>
    /// <param name="parameters">An object with the values of the report's parameters. Those with a default may be omitted.</param>
    [Error<ReportInvalidException>]
    public static async Task<ReportResult> RunReportAsync(
        [ID<ReportDefinition>] Guid? id,
        string? key,
        int? version,
        [GraphQLType("Any")] JsonElement? parameters,
        [Service] ReportRunner runner,
        ResolverContext context)
    {
        var rows = Rows.Of(context);
        if (id is null == key is null)
            throw new GraphQLException(ErrorCodes.InvalidArgument, "Name the report by its `id` or by its `key`, by one of them.");
        var report = key is null || FoldedText.IsStorable(key)
            ? await rows.ReportDefinitions.FirstOrDefaultAsync(r => key == null ? r.Id == id : r.Key == key, context.CancellationToken)
            : null;
        if (report is null)
            throw NotFoundException.Of("report definition", key ?? id.ToString()!, ReportCodes.NotFound);
        var wanted = version ?? report.Version;
        var found = await rows.ReportVersions.FirstOrDefaultAsync(v => v.ReportId == report.Id && v.Version == wanted, context.CancellationToken)
            ?? throw NotFoundException.Of("version", $"{wanted} of {report.Key}", ReportCodes.NotFound);
        return await runner.RunAsync(found, parameters ?? default, rows.Caller, context.State, context.Services, context.CancellationToken);
    }

    /// <summary>Writes down what was found in a stored result, in place of what was written before.</summary>
    /// <param name="findings">The text; an empty one removes what was written.</param>
    [Error<ReportInvalidException>]
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static async Task<ReportResult> UpdateReportFindingsAsync(
        [ID<ReportResult>] Guid id,
        string findings,
        [Service] CrmDbContext database,
        [Service] CrmLimits limits,
        ResolverContext context)
    {
        if (findings.Length > limits.TextCharacters || !FoldedText.IsStorable(findings))
            throw new ReportInvalidException([new("findings", $"Findings have at most {limits.TextCharacters} characters, none of them U+0000.")]);
        var rows = Rows.Of(context);
        if (!await rows.ReportResults.AnyAsync(r => r.Id == id, context.CancellationToken))
            throw NotFoundException.Of("report result", id.ToString(), ReportCodes.NotFound);
        var result = await database.ReportResults.SingleAsync(r => r.Id == id, context.CancellationToken);
        (result.Findings, result.FindingsBy) = findings.Length == 0 ? (null, null) : (findings, rows.Caller.Name);
        await database.SaveChangesAsync(context.CancellationToken);
        return result;
    }
}
