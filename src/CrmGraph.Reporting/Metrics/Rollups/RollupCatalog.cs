using System.Globalization;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Rollups;

/// <param name="Attributes">What it tells orders apart by.</param>
/// <param name="IsShipped">Every database has it.</param>
public sealed record RollupInfo(int Number, string Attributes, bool IsShipped);

/// <param name="Attributes">What a rollup would have to tell orders apart by.</param>
/// <param name="Asked">How many readings it would have answered.</param>
public sealed record RollupAdvice(string Attributes, long Asked, DateTime LastAskedAt);

/// <summary>Which rollups a database has.</summary>
public sealed class RollupCatalog(DatabaseEngine engine)
{
    /// <summary>Each costs every day that changes, and its rows.</summary>
    public const int MostAdded = 8;

    public static string AttributeNames => SalesRollup.NameOf(SalesRollup.AllAttributes);

    public async Task<IReadOnlyList<RollupInfo>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = engine.CreateContext();
        return [.. SalesRollup.Of(await db.SettingsAsync(cancellationToken)).Select(r => new RollupInfo(r.Number, r.Name, SalesRollup.Shipped.Contains(r)))];
    }

    /// <exception cref="ArgumentException">An attribute is unknown, a rollup tells apart by these already, or there are too many.</exception>
    public Task AddAsync(IReadOnlyList<string> attributes, CancellationToken cancellationToken)
    {
        var wanted = Parse(attributes);
        return ChangeAsync(
            settings =>
            {
                var added = SalesRollup.AddedOf(settings.AddedRollups);
                if (SalesRollup.Of(settings).FirstOrDefault(r => r.Attributes == wanted) is { } known)
                    throw new ArgumentException($"Rollup {known.Number} tells orders apart by '{known.Name}' already.");
                return added.Count < MostAdded
                    ? [.. added, SalesRollup.Added(wanted)]
                    : throw new ArgumentException($"A database takes {MostAdded} added rollups; remove one first.");
            },
            cancellationToken);
    }

    /// <exception cref="ArgumentException">No added rollup has this number.</exception>
    public Task RemoveAsync(int number, CancellationToken cancellationToken) => ChangeAsync(
        settings =>
        {
            var added = SalesRollup.AddedOf(settings.AddedRollups);
            return added.Any(r => r.Number == number)
                ? [.. added.Where(r => r.Number != number)]
                : throw new ArgumentException(SalesRollup.Shipped.Any(r => r.Number == number)
                    ? $"Rollup {number} is shipped with the server and stays."
                    : $"No rollup has the number {number}.");
        },
        cancellationToken);

    /// <summary>Forgets all rollups: they are built again from the orders.</summary>
    public Task ResetAsync(CancellationToken cancellationToken) => ChangeAsync(s => SalesRollup.AddedOf(s.AddedRollups), cancellationToken);

    /// <summary>Which rollups would have answered what was read from orders, the most asked for first.</summary>
    public async Task<IReadOnlyList<RollupAdvice>> AdviseAsync(CancellationToken cancellationToken)
    {
        await using var db = engine.CreateContext();
        var rollups = SalesRollup.Of(await db.SettingsAsync(cancellationToken));
        var missing = (await db.RollupAsks.AsNoTracking().ToListAsync(cancellationToken))
            .Where(a => !rollups.Any(r => r.Has((SalesAttributes)a.Attributes))).ToList();
        // One that has more attributes answers for those with fewer too.
        return
        [
            .. missing.Where(a => !missing.Any(b => b != a && (a.Attributes & ~b.Attributes) == 0))
                .Select(a => (a.Attributes, Answered: missing.Where(b => (b.Attributes & ~a.Attributes) == 0).ToList()))
                .Select(a => new RollupAdvice(
                    SalesRollup.NameOf((SalesAttributes)a.Attributes), a.Answered.Sum(b => b.Asked), a.Answered.Max(b => b.LastAskedAt)))
                .OrderByDescending(a => a.Asked),
        ];
    }

    /// <summary>A mark of all days, and a change of the settings: those who keep what they read look again.</summary>
    private async Task ChangeAsync(Func<Settings, IReadOnlyList<SalesRollup>> change, CancellationToken cancellationToken)
    {
        await using var db = engine.CreateContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var added = string.Join(',', change(await db.SettingsAsync(cancellationToken)).Select(r => r.Number.ToString(CultureInfo.InvariantCulture)));
        if (await db.Settings.ExecuteUpdateAsync(s => s.SetProperty(x => x.AddedRollups, added), cancellationToken) == 0)
            db.Settings.Add(new() { AddedRollups = added });
        db.RollupMarks.Add(new());
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static SalesAttributes Parse(IReadOnlyList<string> attributes)
    {
        var parsed = SalesAttributes.None;
        foreach (var name in attributes)
        {
            var known = Enum.GetValues<SalesAttributes>().FirstOrDefault(a => a.ToString().Equals(name, StringComparison.OrdinalIgnoreCase));
            parsed |= known != SalesAttributes.None
                ? known
                : throw new ArgumentException($"'{name}' is nothing that a rollup tells orders apart by. It can be any of: {AttributeNames}.");
        }

        return parsed;
    }
}
