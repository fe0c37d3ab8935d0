using CrmGraph.Reporting.Reports;
using CrmGraph.Reporting.Segments;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting;

/// <summary>
/// What a new version of the program does, at its start, to definitions saved under older ones: the built-in reports become today's, and
/// segments and reports that no longer fit the schema are flagged.
/// </summary>
public static class SavedDefinitions
{
    public static async Task RefreshAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SegmentStore>().FlagBrokenAsync(cancellationToken);
        var reports = scope.ServiceProvider.GetRequiredService<ReportStore>();
        await reports.RefreshTemplatesAsync(ReportTemplates.Load(), cancellationToken);
        await reports.FlagBrokenAsync(cancellationToken);
    }
}
