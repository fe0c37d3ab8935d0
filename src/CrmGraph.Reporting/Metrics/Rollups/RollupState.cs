using System.Globalization;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>
/// Which days the rollups are right for, in the state of the data that it was read from: all but those with a mark. It stays true there for as long as no
/// order or customer changes: days that are rolled up later are only read from the orders although they need not be.
/// </summary>
internal sealed class RollupState
{
    private readonly IReadOnlyList<DateOnly> _marked;
    private readonly string _added;
    private readonly IReadOnlyList<SalesRollup> _rollups;
    private readonly RollupAsks _asks;

    private RollupState(IReadOnlyList<DateOnly> marked, long stamp, string added, RollupAsks asks, RollupSets sets)
    {
        (_marked, Stamp, _added, _rollups, _asks, Sets) = (marked, stamp, added, SalesRollup.Of(added), asks, sets);
    }

    /// <summary>Which rollups there are beside the shipped ones.</summary>
    public string Added => _added;

    /// <summary>Of the rollups: see <see cref="DataStamp.Rollups"/>.</summary>
    public long Stamp { get; }

    /// <summary>The sets of customers that were read before.</summary>
    public RollupSets Sets { get; }

    /// <summary>The marks as <see cref="Of"/> takes them.</summary>
    public static IQueryable<DateOnly?> Marks(CrmDbContext db) => db.RollupMarks.Select(m => m.Day).Distinct().Take(RollupMark.MostDays + 1);

    /// <summary>Null when the rollups are not to be used.</summary>
    /// <param name="stamp">Of the same state as the marks, and so are the settings.</param>
    public static RollupState? Of(IReadOnlyCollection<DateOnly?> marks, long stamp, Settings settings, RollupAsks asks, RollupSets sets) =>
        marks.Count > RollupMark.MostDays || marks.Contains(null)
            ? null
            : new([.. marks.Select(m => m!.Value).Distinct().Order()], stamp, settings.AddedRollups, asks, sets);

    /// <summary>The smallest that tells apart by all of these. Null, and noted, when there is none.</summary>
    public SalesRollup? With(SalesAttributes needed)
    {
        var rollup = _rollups.FirstOrDefault(r => r.Has(needed));
        if (rollup is null)
            _asks.Note(needed);
        return rollup;
    }

    /// <summary>The marked days of a range; null when there are so many that the rollups would answer for too little of it.</summary>
    public IReadOnlyList<DateOnly>? MarkedIn(DayRange days)
    {
        var marked = AllMarkedIn(days);
        return marked.Count * 3L > days.Days ? null : marked;
    }

    public IReadOnlyList<DateOnly> AllMarkedIn(DayRange days) => [.. _marked.Where(days.Contains)];

    /// <summary>Equal for states in which the same days of the range are marked.</summary>
    public string NameOf(DayRange days) => MarkedIn(days) is { } marked
        ? _added + ' ' + string.Join(' ', marked.Select(d => d.DayNumber.ToString(CultureInfo.InvariantCulture)))
        : "facts";
}
