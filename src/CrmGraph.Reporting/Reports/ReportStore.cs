using System.Text.RegularExpressions;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Database;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Reports;

/// <summary>The content of a report is wrong; each problem says where and why.</summary>
public sealed class ReportInvalidException(IReadOnlyList<ReportProblem> problems)
    : Exception($"The report has {problems.Count} problem{(problems.Count == 1 ? "" : "s")}: {problems[0].Part}: {problems[0].Message}")
{
    public string Code { get; } = ReportCodes.Invalid;
    public IReadOnlyList<ReportProblem> Problems { get; } = problems;
}

/// <summary>Creates and changes report definitions. Every change is a version; a deleted report keeps its versions and gives its key free.</summary>
public sealed partial class ReportStore(CrmDbContext database, ReportValidator validator, TimeProvider time)
{
    public async Task<ReportDefinition> CreateAsync(string key, string title, ReportContent content, Caller caller, CancellationToken cancellationToken)
    {
        Check(title, content, KeyPattern().IsMatch(key) ? [] : [new ReportProblem("key", "A key is 1 to 64 small letters, digits and hyphens, beginning with a letter.")]);
        if (await database.ReportDefinitions.AnyAsync(r => r.Key == key && r.DeletedAt == null, cancellationToken))
            throw KeyTaken(key);
        var report = new ReportDefinition { Id = Guid.CreateVersion7(), Key = key, Title = title, Version = 1, Document = content.ToJson() };
        database.ReportDefinitions.Add(report);
        AddVersion(report, caller);
        await SaveAsync(() => KeyTaken(key), cancellationToken);
        return report;
    }

    /// <param name="expectedVersion">The version that the change was made from; null to change whatever is newest.</param>
    public async Task<ReportDefinition> UpdateAsync(Guid id, int? expectedVersion, string? title, ReportContent? content, Caller caller, CancellationToken cancellationToken)
    {
        var report = await FindAsync(id, cancellationToken);
        if (expectedVersion is { } expected && expected != report.Version)
            throw VersionConflict(report.Version);
        Check(title ?? report.Title, content ?? ReportContent.FromJson(report.Document), []);
        report.Title = title ?? report.Title;
        report.Document = content?.ToJson() ?? report.Document;
        report.BrokenReason = null;
        report.Version++;
        AddVersion(report, caller);
        await SaveAsync(() => VersionConflict(report.Version), cancellationToken);
        return report;
    }

    public async Task<ReportDefinition> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        var report = await FindAsync(id, cancellationToken);
        report.DeletedAt = time.GetUtcNow().UtcDateTime;
        await database.SaveChangesAsync(cancellationToken);
        return report;
    }

    private async Task<ReportDefinition> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await database.ReportDefinitions.SingleOrDefaultAsync(r => r.Id == id && r.DeletedAt == null, cancellationToken)
        ?? throw NotFoundException.Of("report definition", id.ToString(), ReportCodes.NotFound);

    private void Check(string title, ReportContent content, List<ReportProblem> problems)
    {
        if (string.IsNullOrWhiteSpace(title) || title.Length > 200)
            problems.Add(new("title", "A report needs a title of at most 200 characters."));
        problems.AddRange(validator.Check(content));
        if (problems.Count > 0)
            throw new ReportInvalidException(problems);
    }

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
        catch (DbUpdateException)
        {
            throw conflict();
        }
    }

    private static ConflictException KeyTaken(string key) => new($"There is a report with the key \"{key}\" already.", "key", ReportCodes.KeyTaken);

    private static ConflictException VersionConflict(int version) =>
        new($"The report was changed meanwhile: its newest version is {version}. Read it again and make the change on that.", "expectedVersion", ReportCodes.VersionConflict);

    [GeneratedRegex("^[a-z][a-z0-9-]{0,63}$")]
    private static partial Regex KeyPattern();
}
