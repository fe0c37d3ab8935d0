using System.Collections.Frozen;
using System.Data.Common;
using System.Threading.Channels;
using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Bulk;
using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace CrmGraph.Reporting.Demo;

/// <summary>How far a seeding has come.</summary>
public readonly record struct SeedProgress(int Customers, int OfCustomers, long Orders, long Lines);

/// <summary>Fills a database with the demo company.</summary>
public static class DemoCompany
{
    public const int DefaultCustomers = 2_000;
    public const int Months = 24;
    private const int DefaultSeed = 20_260;

    /// <summary>What clearing leaves: what is no company's, what is made from other tables, and the notes by which that is kept right.</summary>
    private static readonly FrozenSet<Type> _keptTables =
    [
        typeof(Settings), typeof(CalendarDay), typeof(ApiKey), typeof(ReportDefinition), typeof(ReportVersion), typeof(ChangeRow), typeof(HistoryRow),
        typeof(SalesDay), typeof(SalesDayCustomers), typeof(SalesDayOrders), typeof(CustomerNumber), typeof(RollupMark), typeof(RollupAsk),
        typeof(DataStamp),
    ];

    public static async Task<bool> IsEmptyAsync(DatabaseEngine engine, CancellationToken cancellationToken = default)
    {
        await using var connection = await engine.OpenConnectionAsync(cancellationToken);
        return await IsEmptyAsync(connection, null, cancellationToken);
    }

    // Asked at every start of a server, which has not made EF's model yet.
    private static async Task<bool> IsEmptyAsync(DbConnection connection, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "select 1 from customers union all select 1 from team_members limit 1";
        return await command.ExecuteScalarAsync(cancellationToken) is null;
    }

    /// <summary>
    /// Writes the company with this many customers and 24 months of facts that end at <paramref name="asOf"/> (UTC; the clock's now when null). The
    /// tables must be migrated. An empty database takes the company's zone and currency, all in one transaction: whoever is killed leaves it empty,
    /// and of two that fill it at once the second writes nothing. Another database keeps its own zone, is written batch by batch, and a second
    /// seeding needs another <paramref name="seed"/>. Returns what was written.
    /// </summary>
    public static async Task<SeedProgress> SeedAsync(
        DatabaseEngine engine, int customers, DateTime? asOf, int seed, IProgress<SeedProgress>? progress, CancellationToken cancellationToken = default) =>
        await WriteAsync(engine, customers, asOf, seed, await IsEmptyAsync(engine, cancellationToken), progress, cancellationToken);

    /// <summary>The same with the seed of the demo, for an empty database only: in another nothing is written.</summary>
    public static Task<SeedProgress> SeedAsync(
        DatabaseEngine engine, int customers = DefaultCustomers, DateTime? asOf = null, IProgress<SeedProgress>? progress = null,
        CancellationToken cancellationToken = default) => WriteAsync(engine, customers, asOf, DefaultSeed, true, progress, cancellationToken);

    /// <summary>
    /// Deletes the company with all that users wrote since, so that it can be written anew. Settings, shipped reports and the keys that belong to no team
    /// member stay.
    /// </summary>
    public static async Task ClearAsync(DatabaseEngine engine, CancellationToken cancellationToken = default)
    {
        await using var context = engine.CreateContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await engine.EnterWriteAsync(context, alone: true, cancellationToken);
        await context.ApiKeys.Where(k => k.TeamMemberId != null).ExecuteDeleteAsync(cancellationToken);
        foreach (var table in ClearedTables(context))
#pragma warning disable EF1002 // Names of our own tables.
            await context.Database.ExecuteSqlRawAsync($"delete from {table}", cancellationToken);
#pragma warning restore EF1002
        await context.ReportVersions.Where(v => context.ReportDefinitions.Any(r => r.Id == v.ReportId && !r.IsTemplate)).ExecuteDeleteAsync(cancellationToken);
        await context.ReportDefinitions.Where(r => !r.IsTemplate).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Those whose rows refer to others before these; the history, to which every deletion adds, last.</summary>
    private static List<string> ClearedTables(CrmDbContext context)
    {
        var tables = new List<string>();
        var seen = new HashSet<IEntityType>();
        foreach (var entity in context.Model.GetEntityTypes())
            Add(entity);
        return [.. tables, "history"];

        void Add(IEntityType entity)
        {
            if (!seen.Add(entity))
                return;
            foreach (var key in entity.GetReferencingForeignKeys())
                Add(key.DeclaringEntityType);
            if (entity.GetTableName() is { } table && !_keptTables.Contains(entity.ClrType))
                tables.Add(table);
        }
    }

    private static async Task<SeedProgress> WriteAsync(
        DatabaseEngine engine, int customers, DateTime? asOf, int seed, bool fill, IProgress<SeedProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(customers, 1);
        var end = Instants.ToStored(asOf ?? engine.Clock.GetUtcNow().UtcDateTime);
        await using var writer = await BulkWriter.OpenAsync(engine, cancellationToken);
        if (fill)
        {
            await writer.BeginFillAsync(cancellationToken);
            // Within the transaction: it may hold the tables against everyone else.
            await using var context = writer.CreateContext();
            if (!await IsEmptyAsync(context.Database.GetDbConnection(), context.Database.CurrentTransaction!.GetDbTransaction(), cancellationToken))
                return new(0, customers, 0, 0);
            await WriteSettingsAsync(writer, cancellationToken);
        }

        var zone = fill ? TimeZoneInfo.FindSystemTimeZoneById(CompanyGenerator.Zone) : (await ReportingCalendar.LoadAsync(engine, cancellationToken)).Zone;
        var generator = new CompanyGenerator(customers, Months, end, zone, seed, fill ? "" : $"-{seed}");
        generator.MakeReferences();
        await WriteReferencesAsync(writer, generator, cancellationToken);
        return await WriteCustomersAsync(writer, generator, (customers, !fill), progress, cancellationToken);
    }

    private static async Task WriteSettingsAsync(BulkWriter writer, CancellationToken cancellationToken)
    {
        await using var context = writer.CreateContext();
        var settings = await context.Settings.SingleAsync(cancellationToken);
        (settings.ReportingZone, settings.Currency) = (CompanyGenerator.Zone, CompanyGenerator.Currency);
        await context.SaveChangesAsync(cancellationToken);
    }

    private static async Task WriteReferencesAsync(BulkWriter writer, CompanyGenerator generator, CancellationToken cancellationToken)
    {
        await writer.InsertAsync(generator.Teams, cancellationToken);
        await writer.InsertAsync(generator.Members, cancellationToken);
        await writer.InsertAsync(generator.Catalogue.Products, cancellationToken);
        await writer.UpsertAsync(generator.Rates, OnExisting.Keep, cancellationToken);
        await writer.InsertAsync(generator.Campaigns, cancellationToken);
        await writer.InsertAsync(generator.Spend, cancellationToken);
        await writer.InsertAsync(generator.Segments.Rows, cancellationToken);
        await writer.InsertAsync(generator.Goals, cancellationToken);
        await writer.InsertAsync(generator.Annotations, cancellationToken);
        await writer.InsertAsync(generator.ReportRuns, cancellationToken);
    }

    /// <summary>One task draws the next batch while this one writes: at most two batches wait.</summary>
    private static async Task<SeedProgress> WriteCustomersAsync(
        BulkWriter writer, CompanyGenerator generator, (int Customers, bool CommitBatches) plan, IProgress<SeedProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var batches = Channel.CreateBounded<DemoBatch>(1);
        var drawing = Task.Run(async () =>
        {
            try
            {
                foreach (var batch in generator.MakeCustomers())
                    await batches.Writer.WriteAsync(batch, stop.Token);
                batches.Writer.Complete();
            }
            catch (Exception e)
            {
                batches.Writer.Complete(e);
            }
        }, CancellationToken.None);
        var done = new SeedProgress(0, plan.Customers, 0, 0);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellationToken))
            {
                await batch.WriteAsync(writer, generator, cancellationToken);
                if (plan.CommitBatches)
                    await writer.CommitAsync(cancellationToken);
                done = new(done.Customers + batch.Customers.Count, plan.Customers, done.Orders + batch.Orders.Count, done.Lines + batch.Lines.Count);
                progress?.Report(done);
            }
            await writer.CommitAsync(cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await drawing;
        }
        return done;
    }
}
