using CrmGraph.Data.Changes;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest;
using CrmGraph.Reporting.Ingest.Customers;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Tests.Ingest;

/// <summary>A database of its own with a writer on it.</summary>
internal sealed class WriterFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly CrmLimits _limits;

    private WriterFixture(TestDatabase database, CrmLimits limits)
    {
        (Database, _limits) = (database, limits);
        _services = database.CreateServices();
        Writer = NewWriter();
    }

    public TestDatabase Database { get; }
    public CrmWriter Writer { get; }
    public CustomerWriter Customers => new(Contexts, Database.Engine, Hub, Database.Clock);
    public FactRemover Facts => new(Contexts, Database.Engine, Hub);
    public CommitHub Hub { get; } = new();
    public IDbContextFactory<CrmDbContext> Contexts => _services.GetRequiredService<IDbContextFactory<CrmDbContext>>();

    public static async Task<WriterFixture> CreateAsync(DatabaseKind kind, CrmLimits? limits = null)
        => new(await TestDatabase.CreateAsync(kind), limits ?? new CrmLimits());

    public CrmWriter NewWriter() => new(Contexts, Database.Engine, Hub, _limits, Database.Clock);

    public async Task<IngestOutcome> WriteAsync(Action<IngestBatch> fill, WriteOptions? options = null)
    {
        var batch = new IngestBatch();
        fill(batch);
        return await Writer.WriteAsync(batch, options);
    }

    public async Task<T> ReadAsync<T>(Func<CrmDbContext, Task<T>> read)
    {
        await using var context = await Contexts.CreateDbContextAsync();
        return await read(context);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Database.DisposeAsync();
    }
}
