using CrmGraph.Data.Changes;
using CrmGraph.Data.Database;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Analyses.Scores;
using CrmGraph.Reporting.Company;
using CrmGraph.Reporting.Exports;
using CrmGraph.Reporting.Formulas;
using CrmGraph.Reporting.Goals;
using CrmGraph.Reporting.Ingest;
using CrmGraph.Reporting.Live;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Rollups;
using CrmGraph.Reporting.Reports;
using CrmGraph.Reporting.Segments;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting;

/// <summary>Every service of the product, for the server, the console and tests. The database is added beside it: <c>AddCrmDatabase</c>.</summary>
public static class CrmServices
{
    public static IServiceCollection AddCrm(this IServiceCollection services, CrmLimits limits)
    {
        services.AddSingleton(limits);
        services.AddSingleton(p => new StatementCache(p.GetRequiredService<DatabaseEngine>(), limits.KeptStatements));
        services.AddSingleton<ColumnSpreads>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<Callers>();
        services.AddSingleton<CallerCache>();
        services.AddSingleton<CommitHub>();
        services.AddSingleton<CommitAnnouncer>();
        services.AddCrmWriter();
        services.AddSingleton<SettingsStore>();
        services.AddSingleton(p => new CustomMetrics(() => p.GetRequiredService<Schema>(), limits));
        services.AddSingleton(p => new MetricEngine(
            p.GetRequiredService<TimeProvider>(),
            limits,
            (ids, context, cancelled) => p.GetRequiredService<SegmentFilters>().OfAsync(ids, context, cancelled))
        {
            Statements = p.GetService<StatementCache>(),
            UsesRollups = limits.Rollups,
            Formulas = p.GetRequiredService<CustomMetrics>(),
            Asks = p.GetRequiredService<RollupAsks>(),
            Sets = p.GetRequiredService<RollupSets>(),
            Spreads = p.GetService<ColumnSpreads>(),
        });
        services.AddSingleton<RollupAsks>();
        services.AddSingleton(_ => new RollupSets(limits.RollupMegabytes));
        services.AddSingleton<RollupKeeper>();
        services.AddSingleton<ScoreKeeper>();
        services.AddSingleton<RollupCatalog>();
        services.AddSingleton(new LiveLimits { ComputationSeconds = limits.LiveComputationSeconds });
        services.AddSingleton<LiveChanges>();
        services.AddSingleton<LiveMetrics>();
        services.AddSingleton<LiveReports>();
        services.AddSingleton<SegmentFilters>();
        services.AddScoped<SegmentStore>();
        services.AddScoped<SegmentMembers>();
        services.AddSingleton<ExportPlaces>();
        services.AddSingleton<ReportValidator>();
        services.AddScoped<CustomMetricStore>();
        services.AddScoped<GoalStore>();
        services.AddScoped<ReportStore>();
        services.AddScoped<ReportRunner>();
        return services;
    }
}
