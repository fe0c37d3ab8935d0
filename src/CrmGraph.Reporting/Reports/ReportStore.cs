using System.Text.Json;
using System.Text.RegularExpressions;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Reports;

/// <summary>The content of a report, or the parameters of a run, are not valid.</summary>
public sealed class ReportInvalidException(IReadOnlyList<ReportProblem> problems, string code = ReportCodes.Invalid)
    : Exception($"The report has {problems.Count} problem{(problems.Count == 1 ? "" : "s")}: {problems[0].Part}: {problems[0].Message}")
{
    public string Code { get; } = code;
    /// <summary>What is wrong, and where.</summary>
    public IReadOnlyList<ReportProblem> Problems { get; } = problems;
}

/// <summary>Creates and changes report definitions. Every change is a version; a deleted report keeps its versions and gives its key free.</summary>
public sealed partial class ReportStore(CrmDbContext database, ReportValidator validator, TimeProvider time)
{
    public async Task<ReportDefinition> CreateAsync(
        string key, string title, ReportContent content, IReadOnlyList<Role> visibleTo, Caller caller, CancellationToken cancellationToken)
    {
        List<ReportProblem> problems = KeyPattern().IsMatch(key)
            ? []
            : [new("key", "A key is 1 to 64 small letters, digits and hyphens, beginning with a letter.")];
        Check(title, content, [.. problems, .. Hidden(visibleTo, caller)]);
        if (await database.ReportDefinitions.AnyAsync(r => r.Key == key && r.DeletedAt == null, cancellationToken))
            throw KeyTaken(key);
        var report = new ReportDefinition { Id = Guid.CreateVersion7(), Key = key, Title = title, Version = 1, VisibleTo = RoleSet.Of(visibleTo) };
        Write(report, content);
        database.ReportDefinitions.Add(report);
        AddVersion(report, caller);
        await SaveAsync(() => KeyTaken(key), cancellationToken);
        return report;
    }

    /// <param name="expectedVersion">The version that the change was made from; null to change whatever is newest.</param>
    public async Task<ReportDefinition> UpdateAsync(
        Guid id,
        int? expectedVersion,
        string? title,
        ReportContent? content,
        Caller caller,
        CancellationToken cancellationToken)
    {
        var report = await FindAsync(id, caller, cancellationToken);
        if (expectedVersion is { } expected && expected != report.Version)
            throw VersionConflict(report.Version);
        Check(title ?? report.Title, content ?? ReportContent.FromJson(report.Document), []);
        report.Title = title ?? report.Title;
        if (content is not null)
            Write(report, content);
        report.BrokenReason = null;
        // A template that was changed is the company's own from then on: new versions of the program leave it alone.
        report.IsTemplate = false;
        report.Version++;
        AddVersion(report, caller);
        await SaveAsync(() => VersionConflict(report.Version), cancellationToken);
        return report;
    }

    public async Task<ReportDefinition> ShareAsync(Guid id, IReadOnlyList<Role> visibleTo, Caller caller, CancellationToken cancellationToken)
    {
        var report = await FindAsync(id, caller, cancellationToken);
        if (Hidden(visibleTo, caller) is { Count: > 0 } problems)
            throw new ReportInvalidException(problems);
        report.VisibleTo = RoleSet.Of(visibleTo);
        await database.SaveChangesAsync(cancellationToken);
        return report;
    }

    public async Task<ReportDefinition> DeleteAsync(Guid id, Caller caller, CancellationToken cancellationToken)
    {
        var report = await FindAsync(id, caller, cancellationToken);
        report.DeletedAt = time.GetUtcNow().UtcDateTime;
        await database.SaveChangesAsync(cancellationToken);
        return report;
    }

    /// <summary>
    /// At start: built-in reports that are not there yet are added, those whose content is not today's get a version. Reports of users under the
    /// same key, templates that were changed and templates that were deleted stay as they are.
    /// </summary>
    public async Task RefreshTemplatesAsync(IReadOnlyList<ReportTemplate> templates, CancellationToken cancellationToken)
    {
        foreach (var template in templates)
        {
            var known = await database.ReportDefinitions.Where(r => r.Key == template.Key && (r.DeletedAt == null || r.IsTemplate))
                .OrderBy(r => r.DeletedAt != null)
                .FirstOrDefaultAsync(cancellationToken);
            var document = template.Content.ToJson();
            if (known is { IsTemplate: false } or { DeletedAt: not null } || (known?.Document == document && known.Title == template.Title))
                continue;
            var report = known
                ?? database.ReportDefinitions.Add(new ReportDefinition { Id = Guid.CreateVersion7(), Key = template.Key, IsTemplate = true }).Entity;
            report.Title = template.Title;
            Write(report, template.Content);
            report.Version++;
            AddVersion(report, Caller.System);
            try
            {
                await database.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException e) when (DatabaseEngine.IsDuplicate(e))
            {
                // Another server, started at the same moment, was first.
                database.ChangeTracker.Clear();
            }
        }
    }

    /// <summary>At start: reports that today's schema no longer understands are flagged, mended ones are unflagged.</summary>
    public async Task FlagBrokenAsync(CancellationToken cancellationToken)
    {
        foreach (var report in await database.ReportDefinitions.Where(r => r.DeletedAt == null).ToListAsync(cancellationToken))
            report.BrokenReason = WhyBroken(report.Document);
        await database.SaveChangesAsync(cancellationToken);
    }

    private string? WhyBroken(string document)
    {
        try
        {
            return validator.Check(ReportContent.FromJson(document)) is [var first, ..] ? $"{first.Part}: {first.Message}" : null;
        }
        catch (JsonException e)
        {
            return $"The content cannot be read: {e.Message}";
        }
    }

    /// <summary>What the caller does not see he cannot change either.</summary>
    private async Task<ReportDefinition> FindAsync(Guid id, Caller caller, CancellationToken cancellationToken)
    {
        if (!await new Rows(database, caller).ReportDefinitions.AnyAsync(r => r.Id == id, cancellationToken))
            throw NotFoundException.Of("report definition", id.ToString(), ReportCodes.NotFound);
        return await database.ReportDefinitions.SingleAsync(r => r.Id == id, cancellationToken);
    }

    /// <summary>Nobody can hide a report from himself: nobody but an administrator could bring it back.</summary>
    private static List<ReportProblem> Hidden(IReadOnlyList<Role> visibleTo, Caller caller) =>
        visibleTo.Count == 0 || caller.Role == Role.Administrator || visibleTo.Contains(caller.Role)
            ? []
            : [new("visibleTo", $"Your own role ({caller.Role.ToString().ToUpperInvariant()}) would no longer see the report; it has to be one of the roles.")];

    private void Check(string title, ReportContent content, List<ReportProblem> problems)
    {
        if (string.IsNullOrWhiteSpace(title) || title.Length > 200)
            problems.Add(new("title", "A report needs a title of at most 200 characters."));
        problems.AddRange(validator.Check(content));
        if (problems.Count > 0)
            throw new ReportInvalidException(problems);
    }

    private static void Write(ReportDefinition report, ReportContent content) =>
        (report.Document, report.IsDashboard) = (content.ToJson(), content.Layout == ReportLayout.Dashboard);

    private void AddVersion(ReportDefinition report, Caller caller) => database.ReportVersions.Add(new ReportVersion
    {
        ReportId = report.Id,
        Version = report.Version,
        Title = report.Title,
        Document = report.Document,
        SavedBy = caller.Name,
        SavedAt = time.GetUtcNow().UtcDateTime,
    });

    /// <summary>Two writers at once: the second one's version or key is there already.</summary>
    private async Task SaveAsync(Func<Exception> conflict, CancellationToken cancellationToken)
    {
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (DatabaseEngine.IsDuplicate(e))
        {
            throw conflict();
        }
    }

    private static ConflictException KeyTaken(string key) => new($"There is a report with the key \"{key}\" already.", "key", ReportCodes.KeyTaken);

    private static ConflictException VersionConflict(int version) =>
        new(
            $"The report was changed meanwhile: its newest version is {version}. Read it again and make the change on that.",
            "expectedVersion",
            ReportCodes.VersionConflict);

    [GeneratedRegex("^[a-z][a-z0-9-]{0,63}$")]
    private static partial Regex KeyPattern();
}
