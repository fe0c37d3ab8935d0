using System.Text.RegularExpressions;
using CrmGraph.Data.Changes;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Reading;

namespace CrmGraph.Reporting.Reports;

/// <summary>What a section was read from. A wrong table too many costs a computation, one too few a stale answer.</summary>
internal sealed partial class SectionReads
{
    private static readonly HashSet<string> _told = [.. Tables.With(TableTraits.Changes).Select(t => t.Name)];
    private static readonly Dictionary<string, IEnumerable<string>> _tables = Tables.All.ToDictionary(t => t.Name, Source, StringComparer.Ordinal);

    // Of whichever operation: which days it is about, the company's own formulas, whether there is anything to convert or a contract.
    private static readonly MetricReads _always = Read(["settings", "custom_metrics", "exchange_rates", "contracts"]);

    private readonly IReadOnlyList<WatchedReads> _metrics;
    private readonly MetricReads _rows;

    private SectionReads(IReadOnlyList<WatchedReads> metrics, MetricReads rows) => (_metrics, _rows) = (metrics, rows);

    /// <summary>Of metrics, by their days.</summary>
    public static SectionReads Of(WatchedReads metrics) => new([metrics], _always);

    /// <summary>Of statements, by the tables that they name; of nothing known everything.</summary>
    public static SectionReads Of(IReadOnlyList<string>? statements) =>
        new([], Read([.. _always.Tables, .. statements is null ? _told : statements.SelectMany(TablesOf)]));

    public static SectionReads Together(IReadOnlyList<SectionReads> all) =>
        new([.. all.SelectMany(r => r._metrics)], Read([.. _always.Tables, .. all.SelectMany(r => r._rows.Tables)]));

    public bool AreTouchedBy(CommitNotice notice) => _rows.IsTouchedBy(notice) || _metrics.Any(m => m.AreTouchedBy(notice));

    private static IEnumerable<string> TablesOf(string sql) => Word().Matches(sql).SelectMany(w => _tables.GetValueOrDefault(w.Value, []));

    /// <summary>The tables by whose changes those of a table are told.</summary>
    private static IEnumerable<string> Source(StoredTable table) => table.Entity switch
    {
        _ when _told.Contains(table.Name) => [table.Name],
        { } e when e == typeof(CustomerFigures) || e == typeof(CustomerMoney) => ["customers", "orders"],
        { } e when e == typeof(CalendarDay) => ["settings"],
        // Sums of orders, what customers have done at the time, outside ids: what they follow is not told apart.
        _ => _told,
    };

    private static MetricReads Read(IEnumerable<string> tables) => new(new HashSet<string>(tables, StringComparer.Ordinal), null, DateOnly.MaxValue);

    [GeneratedRegex("[A-Za-z_]+")]
    private static partial Regex Word();
}
