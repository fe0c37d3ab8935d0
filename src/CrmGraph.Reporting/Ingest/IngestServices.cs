using CrmGraph.Data.Changes;
using CrmGraph.Reporting.Ingest.Customers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CrmGraph.Reporting.Ingest;

public static class IngestServices
{
    /// <summary>Adds <see cref="CrmWriter"/>, <see cref="CustomerWriter"/>, <see cref="FactRemover"/> and, when they are not there, <see cref="CommitHub"/> and <see cref="CrmLimits"/>. Needs <c>AddCrmDatabase</c>.</summary>
    public static IServiceCollection AddCrmWriter(this IServiceCollection services)
    {
        services.TryAddSingleton<CommitHub>();
        services.TryAddSingleton(new CrmLimits());
        services.TryAddSingleton<CrmWriter>();
        services.TryAddSingleton<CustomerWriter>();
        services.TryAddSingleton<FactRemover>();
        return services;
    }
}
