using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using CrmGraph.Data.Database.Triggers;

namespace CrmGraph.Data.Database.Migrations;

/// <summary>A numbered SQL file of this program: <c>0001_tables.sqlite.sql</c>.</summary>
public sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>SHA-256 of the text with line feeds only, so that a checkout with other line ends has the same hash.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));
}

/// <summary>Applies the migrations that a database lacks, in order, and triggers of another text, under a lock and in one transaction: all or none.</summary>
public static class Migrator
{
    private const string Folder = "CrmGraph.Data.Database.Migrations.";

    /// <summary>Throws <see cref="InvalidOperationException"/> when an applied file was changed, or the database is newer than this program.</summary>
    public static Task RunAsync(DatabaseEngine engine, CancellationToken cancellationToken = default) =>
        RunAsync(engine, MigrationsFor(engine), cancellationToken);

    internal static async Task RunAsync(DatabaseEngine engine, IReadOnlyList<Migration> migrations, CancellationToken cancellationToken)
    {
        await using var connection = await engine.OpenConnectionAsync(cancellationToken);
        await using var transaction = await engine.BeginExclusiveAsync(connection, cancellationToken);
        await ExecuteAsync(
            connection,
            transaction,
            "create table if not exists migrations (number integer not null primary key, name text not null, hash text not null, applied_at text not null)",
            cancellationToken);
        var applied = await ReadAppliedAsync(connection, transaction, cancellationToken);
        Check(engine, migrations, applied);
        var missing = migrations.Where(m => !applied.ContainsKey(m.Number)).ToList();
        foreach (var migration in missing)
        {
            await ExecuteAsync(connection, transaction, migration.Sql, cancellationToken);
            await RecordAsync(connection, transaction, migration.Number, migration.Name, migration.Hash, engine.Clock, cancellationToken);
        }
        if (missing.Count > 0)
            await engine.AfterMigrationsAsync(connection, transaction, cancellationToken);
        var triggers = await engine.TriggersAsync(connection, transaction, cancellationToken);
        if (missing.Count > 0 || triggers.Hash != applied.GetValueOrDefault(TriggerText.Number))
        {
            await ExecuteAsync(connection, transaction, triggers.Sql, cancellationToken);
            await ExecuteAsync(connection, transaction, $"delete from migrations where number = {TriggerText.Number}", cancellationToken);
            await RecordAsync(connection, transaction, TriggerText.Number, "triggers", triggers.Hash, engine.Clock, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    internal static IReadOnlyList<Migration> MigrationsFor(DatabaseEngine engine)
    {
        var assembly = typeof(Migrator).Assembly;
        var end = $".{engine.MigrationSuffix}.sql";
        return
        [
            .. from resource in assembly.GetManifestResourceNames()
               where resource.StartsWith(Folder, StringComparison.Ordinal) && resource.EndsWith(end, StringComparison.Ordinal)
               let name = resource[Folder.Length..^end.Length]
               let number = int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture)
               orderby number
               select new Migration(number, name, Read(assembly, resource)),
        ];
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    private static void Check(DatabaseEngine engine, IReadOnlyList<Migration> migrations, Dictionary<int, string> applied)
    {
        foreach (var (number, hash) in applied.Where(a => a.Key != TriggerText.Number))
        {
            var known = migrations.FirstOrDefault(m => m.Number == number)
                ?? throw new InvalidOperationException($"The database {engine.Location} has migration {number}, which this program does not know: it was made "
                    + "by a newer version. Use that version.");
            if (known.Hash != hash)
                throw new InvalidOperationException($"Migration {known.Name} was changed after it was applied to the database {engine.Location}. "
                    + "Restore the file and write the change as a new migration.");
        }
    }

    private static async Task<Dictionary<int, string>> ReadAppliedAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "select number, hash from migrations";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new Dictionary<int, string>();
        while (await reader.ReadAsync(cancellationToken))
            applied.Add(reader.GetInt32(0), reader.GetString(1));
        return applied;
    }

    private static async Task RecordAsync(
        DbConnection connection,
        DbTransaction transaction,
        int number,
        string name,
        string hash,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var at = clock.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        await ExecuteAsync(
            connection,
            transaction,
            $"insert into migrations values ({number}, '{name}', '{hash}', '{at}')",
            cancellationToken);
    }

    private static async Task ExecuteAsync(DbConnection connection, DbTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The text comes from this assembly.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
