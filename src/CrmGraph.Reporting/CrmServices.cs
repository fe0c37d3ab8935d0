using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest;
using CrmGraph.Reporting.Live;
using CrmGraph.Reporting.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting;

/// <summary>Every service of the product, for the server, the console and tests. The database is added beside it: <c>AddCrmDatabase</c>.</summary>
public static class CrmServices
{
    public static IServiceCollection AddCrm(this IServiceCollection services, CrmLimits limits)
    {
        services.AddSingleton(limits);
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<Callers>();
        services.AddSingleton<CommitHub>();
        services.AddCrmWriter();
        services.AddSingleton(p => new MetricEngine(p.GetRequiredService<TimeProvider>(), limits, p.GetService<ISegmentFilters>()));
        return services;
    }
}
