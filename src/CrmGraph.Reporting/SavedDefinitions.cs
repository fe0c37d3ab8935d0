using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics;
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
        // Prices of the company's own metrics are those of their parts from the first request on.
        await scope.ServiceProvider.GetRequiredService<CustomMetrics>().LoadAsync(scope.ServiceProvider.GetRequiredService<CrmDbContext>(), cancellationToken);
        await scope.ServiceProvider.GetRequiredService<SegmentStore>().FlagBrokenAsync(cancellationToken);
        var reports = scope.ServiceProvider.GetRequiredService<ReportStore>();
        await reports.RefreshTemplatesAsync(ReportTemplates.Load(), cancellationToken);
        await reports.FlagBrokenAsync(cancellationToken);
    }
}
