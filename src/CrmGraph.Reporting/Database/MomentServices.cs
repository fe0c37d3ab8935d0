using CrmGraph.Reporting.Statements;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Database;

/// <summary>
/// The services of operations whose fields all read one <see cref="DataMoment"/>: in every scope the <see cref="CrmDbContext"/> is one of the
/// moment's. A scope keeps its connection until it is disposed; on SQLite, where there is one connection, the next scope waits for it.
/// </summary>
public sealed class MomentServices(IServiceProvider services, DataMoment moment) : IServiceProvider, IServiceScopeFactory
{
    public object? GetService(Type serviceType) => serviceType == typeof(IServiceScopeFactory) ? this : services.GetService(serviceType);

    public IServiceScope CreateScope() => new Scope(services.CreateAsyncScope(), moment);

    private sealed class Scope(AsyncServiceScope inner, DataMoment moment) : IServiceScope, IServiceProvider, IAsyncDisposable
    {
        private readonly Lock _gate = new();
        private DataMomentContext? _lease;

        public IServiceProvider ServiceProvider => this;

        public object? GetService(Type serviceType)
        {
            if (serviceType == typeof(IServiceProvider))
                return this;
            if (serviceType == typeof(StatementConnection))
                return new StatementConnection(moment.Engine, Context.Database.GetDbConnection(), Context.Database.CurrentTransaction!.GetDbTransaction());
            return serviceType == typeof(CrmDbContext) ? Context : inner.ServiceProvider.GetService(serviceType);
        }

        private CrmDbContext Context
        {
            get
            {
                // Asking for a service cannot be awaited. Whoever holds the connection goes on on another thread.
                lock (_gate)
                    return (_lease ??= moment.CreateContextAsync().GetAwaiter().GetResult()).Context;
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_lease is { } lease)
                await lease.DisposeAsync();
            await inner.DisposeAsync();
        }

        public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
