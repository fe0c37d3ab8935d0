using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Moments;
using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CrmGraph.Data;

public static class CrmDatabaseServices
{
    /// <summary>
    /// Adds <see cref="DatabaseEngine"/>, a pooled <see cref="IDbContextFactory{CrmDbContext}"/>, a scoped <see cref="CrmDbContext"/>, the data moment of
    /// operations that read more than once and, when none
    /// is there, <see cref="TimeProvider.System"/>. Nothing is opened or migrated here.
    /// </summary>
    public static IServiceCollection AddCrmDatabase(this IServiceCollection services, string connectionString)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => DatabaseEngine.Create(connectionString, provider.GetRequiredService<TimeProvider>()));
        return services.AddCrmContexts();
    }

    /// <summary>The same for an engine that its maker disposes.</summary>
    public static IServiceCollection AddCrmDatabase(this IServiceCollection services, DatabaseEngine engine)
    {
        services.TryAddSingleton(engine.Clock);
        services.AddSingleton(engine);
        return services.AddCrmContexts();
    }

    private static IServiceCollection AddCrmContexts(this IServiceCollection services)
    {
        services.AddPooledDbContextFactory<CrmDbContext>((provider, options) => provider.GetRequiredService<DatabaseEngine>().Configure(options));
        services.AddScoped<ScopedMoment>();
        services.AddScoped(provider => provider.GetRequiredService<ScopedMoment>().Lease?.Context
            ?? provider.GetRequiredService<IDbContextFactory<CrmDbContext>>().CreateDbContext());
        services.AddSingleton(MomentScopes.Factory);
        return services;
    }
}
