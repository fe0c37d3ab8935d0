using System.Data.Common;
using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Moments;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Types;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CrmGraph.Reporting.Querying.Calendar;

/// <summary>
/// The settings, of what there is anything at all, the marked days, and the stamps of what is kept in memory: one statement, because each would be a round
/// trip of its own.
/// </summary>
/// <param name="RollupMarks">See <see cref="RollupMark"/>: the days of the marks.</param>
/// <param name="RatesStamp">See <see cref="DataStamp.Rates"/>.</param>
/// <param name="RollupsStamp">See <see cref="DataStamp.Rollups"/>.</param>
/// <param name="Position">Of the state that was read, where that costs no way of its own: see <see cref="DatabaseEngine.ChangesSinceAsync"/>.</param>
public sealed record CompanyState(
    Settings Settings, bool HasRates, bool HasContracts, IReadOnlyList<DateOnly?> RollupMarks, long RatesStamp, long RollupsStamp, string? Position)
{
    /// <summary>For both databases, without EF: that takes longer to ask than the database to answer.</summary>
    private const string Sql = """
        select s.id, s.reporting_zone, s.week_start, s.fiscal_year_start_month, s.activity_days, s.currency, s.small_group_minimum, s.added_rollups,
            exists (select 1 from exchange_rates), exists (select 1 from contracts),
            (select stamp from data_stamps where name = 'rates'), (select stamp from data_stamps where name = 'rollups'), m.sequence, m.day,
        """;

    private static readonly string From = $"""

        from (select 1 as one) o
        left join settings s on s.id = (select min(id) from settings)
        left join (select day, min(sequence) as sequence from rollup_marks group by day limit {RollupMark.MostDays + 1}) m on true
        """;

    internal static async Task<CompanyState> ReadAsync(CrmDbContext database, StatementCache? statements, CancellationToken cancellationToken)
    {
        if (statements is null)
            return await ReadAsync(database, cancellationToken);
        var read = new Result();
        await Connection(database, statements.Engine).RunAsync(
            statements.Written(Sql + statements.Engine.PositionSql + From), [], read, spared: null, cancellationToken);
        return new(read.Settings ?? new(), read.HasRates, read.HasContracts, read.Marks, read.Rates, read.Rollups, read.Position);
    }

    private static async Task<CompanyState> ReadAsync(CrmDbContext database, CancellationToken cancellationToken)
    {
        var marks = await database.RollupMarks.Select(m => m.Day).Distinct().Take(RollupMark.MostDays + 1).ToListAsync(cancellationToken);
        var stamps = await database.DataStamps.ToDictionaryAsync(s => s.Name, s => s.Stamp, cancellationToken);
        return new(
            await database.SettingsAsync(cancellationToken), await database.ExchangeRates.AnyAsync(cancellationToken),
            await database.Contracts.AnyAsync(cancellationToken), marks, stamps.GetValueOrDefault(DataStamp.Rates),
            stamps.GetValueOrDefault(DataStamp.Rollups), null);
    }

    private static StatementConnection Connection(CrmDbContext database, DatabaseEngine engine) => database.Database.CurrentTransaction is { } moment
        ? new(engine, StatementTally.Current, new ReadTransaction(database.Database.GetDbConnection(), moment.GetDbTransaction()))
        : new(engine, StatementTally.Current);

    /// <summary>One row for each mark; one without where there is none.</summary>
    private sealed class Result : IStatementResult
    {
        public Settings? Settings { get; private set; }
        public bool HasRates { get; private set; }
        public bool HasContracts { get; private set; }
        public long Rates { get; private set; }
        public long Rollups { get; private set; }
        public string? Position { get; private set; }
        public List<DateOnly?> Marks { get; } = [];

        public async ValueTask<bool> ReadAsync(PreparedStatement statement, DbDataReader reader, DatabaseEngine engine, CancellationToken cancellationToken)
        {
            for (var isFirst = true; await reader.ReadAsync(cancellationToken); isFirst = false)
            {
                if (isFirst)
                    Take(reader);
                if (!reader.IsDBNull(12))
                    Marks.Add(reader.IsDBNull(13) ? null : reader.GetFieldValue<DateOnly>(13));
            }

            return true;
        }

        private void Take(DbDataReader reader)
        {
            if (!reader.IsDBNull(0))
                Settings = new()
                {
                    Id = reader.GetInt32(0),
                    ReportingZone = reader.GetString(1),
                    WeekStart = EnumTexts<DayOfWeek>.Value(reader.GetString(2)),
                    FiscalYearStartMonth = reader.GetInt32(3),
                    ActivityDays = reader.GetInt32(4),
                    Currency = reader.GetString(5),
                    SmallGroupMinimum = reader.GetInt32(6),
                    AddedRollups = reader.GetString(7),
                };
            (HasRates, HasContracts) = (reader.GetBoolean(8), reader.GetBoolean(9));
            (Rates, Rollups) = (reader.IsDBNull(10) ? 0 : reader.GetInt64(10), reader.IsDBNull(11) ? 0 : reader.GetInt64(11));
            Position = reader.IsDBNull(14) ? null : reader.GetString(14);
        }
    }
}
