using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What the rows of a statement are.</summary>
internal enum FactRows
{
    /// <summary>Numbers of cells.</summary>
    Cells,
    /// <summary>Stocks at the start of the period.</summary>
    Opening,
    /// <summary>Single customers: those there at the start, those who came, and those who went. Who stayed in each bucket follows from them.</summary>
    Opened, Gained, Dropped,
    /// <summary>One where there are facts of a kind at all; they are not grouped.</summary>
    Recorded,
}

/// <summary>A statement to run: which rows are grouped, by which time, what is summed and counted of them, and what that means for a table.</summary>
/// <param name="Name">With its question, its source and its columns it says which rows.</param>
/// <param name="Days">Facts of other days have no say in it.</param>
/// <param name="Rows">The rows with the columns asked for.</param>
internal sealed record FactStatement(string Name, DayRange Days, Func<IReadOnlySet<string>, IQueryable<FactRow>> Rows)
{
    public FactRows Gives { get; init; }
    /// <summary>The same rows of other days; null where the statement is about these alone.</summary>
    public Func<DayRange, Func<IReadOnlySet<string>, IQueryable<FactRow>>>? Of { get; init; }
    /// <summary>By what its rows are told apart when these columns are asked for; null where they are facts, of which several can be alike.</summary>
    public Func<IReadOnlySet<string>, IReadOnlySet<string>?>? Told { get; init; }
    /// <summary>What is summed.</summary>
    public IReadOnlyList<Measure> Sums { get; init; } = [];
    /// <summary>What is counted of distinct rows, of exactly the level of the groups.</summary>
    public IReadOnlyList<Measure> Counts { get; init; } = [];
    /// <summary>Counted of customers, by what each of them has in the group; of exactly the level of the groups too.</summary>
    public Measure? OfEach { get; init; }
    /// <summary>Counted of customers, each in his group on the day of his first row in it.</summary>
    public Measure? FirstOf { get; init; }
    /// <summary>Customers whose first row is of an earlier day are not counted.</summary>
    public DateOnly FirstFrom { get; init; }
    /// <summary>What rows of groups add counts for all groups together as well, where groups add up.</summary>
    public bool Folds { get; init; } = true;
    /// <summary>The measure whose values rows are told apart by, and counted.</summary>
    public Measure? Ranks { get; init; }
    /// <summary>What each row adds to its cell and, as it adds up, to those above; -1 takes away from a stock.</summary>
    public IReadOnlyList<(Measure Measure, int Sign)> Adds { get; init; } = [];
    /// <summary>What each row says of its own cell alone.</summary>
    public IReadOnlyList<Measure> Sets { get; init; } = [];
    /// <summary>Told apart by the buckets of time.</summary>
    public bool ByBucket { get; init; }
    /// <summary>Told apart by days, so many days before those on which they count.</summary>
    public int? ShiftDays { get; init; }
    /// <summary>The bucket of all rows, where the statement is about one.</summary>
    public int? AtBucket { get; init; }
    /// <summary>What it adds is of that bucket alone, and no part of the whole period.</summary>
    public bool IsOfItsCell { get; init; }
    /// <summary>How it follows from who bought when; null when only its rows tell.</summary>
    public LifeQuestion? Life { get; init; }
    /// <summary>What tells the same where <see cref="Life"/> cannot be answered; null when the rows of the statement do.</summary>
    public IReadOnlyList<FactStatement>? Else { get; init; }
    /// <summary>The counts by themselves: to be run when money in several currencies turns out to split the groups.</summary>
    public FactStatement? Apart { get; init; }

    public bool IsMoney => Sums.Any(m => m.IsMoney) || Ranks is { IsMoney: true };
    public bool IsOfSingleCustomers => Gives is FactRows.Opened or FactRows.Gained or FactRows.Dropped;

    /// <summary>The columns of its rows beside those of the key.</summary>
    public IEnumerable<string> Columns
    {
        get
        {
            foreach (var measure in Sums.Concat(Counts))
                yield return measure.Column.Name;
            if ((OfEach ?? FirstOf) is { } counted)
                yield return counted.Column.Name;
            if (Ranks is not { } ranked)
                yield break;
            yield return ranked.Column.Name;
            foreach (var column in ranked.Ranked!)
                yield return column.Name;
        }
    }

    /// <summary>The same without what is counted.</summary>
    public FactStatement Summed() => this with { Counts = [], Sets = [] };
}
