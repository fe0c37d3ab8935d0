using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>
/// Which numbers of customers are hidden. They are bound by more than sums over groups and time: those at the start of a bucket are those at the end of the one
/// before, and those at its end are these, the new and the reactivated, less the lost. So the moments between buckets are hidden, for both of their sides; and
/// where all that the balance is made of is asked for, who came and went is hidden together, also beside a hidden moment: as many more may have come as went.
/// </summary>
internal sealed class HiddenLives
{
    private static readonly Measure[] _moves = [CustomerFacts.NewCustomers, CustomerFacts.ReactivatedCustomers, CustomerFacts.LostCustomers];

    private readonly MetricCell?[,] _cells;
    private readonly int _whole;
    private readonly bool[,] _moments;
    private readonly Dictionary<Measure, bool[,]> _moved;

    /// <param name="cells">Groups by buckets, the last row all groups, the last column the whole period.</param>
    /// <param name="asked">What the table tells.</param>
    /// <param name="lines">Rows that add up to the last of them.</param>
    public HiddenLives(MetricCell?[,] cells, IReadOnlySet<Measure> asked, IReadOnlyList<int[]> lines, int minimum)
    {
        (_cells, _whole) = (cells, cells.GetLength(1) - 1);
        _moments = Moments(lines, minimum);
        var isBalance = _moves.All(asked.Contains) && (asked.Contains(CustomerFacts.ActiveAtStart) || asked.Contains(CustomerFacts.ActiveAtEnd));
        var together = isBalance ? SmallGroups.Hidden(Moved(_moves, besideMoments: true), lines, minimum) : null;
        _moved = _moves.ToDictionary(m => m, m => together ?? SmallGroups.Hidden(Moved([m], besideMoments: false), lines, minimum));
    }

    public bool IsHidden(Measure measure, int row, int bucket) => measure == CustomerFacts.ActiveAtStart ? _moments[row, Start(bucket)]
        : measure == CustomerFacts.ActiveAtEnd ? _moments[row, End(bucket)]
        : measure == CustomerFacts.Retained ? _moments[row, Start(bucket)] || _moments[row, End(bucket)]
        : _moved[measure][row, bucket];

    private int Start(int bucket) => bucket == _whole ? 0 : bucket;

    private int End(int bucket) => bucket == _whole ? Math.Max(_whole, 1) : bucket + 1;

    /// <summary>Each moment is a column of its own: numbers of customers do not add up over time.</summary>
    private bool[,] Moments(IReadOnlyList<int[]> lines, int minimum)
    {
        var rows = _cells.GetLength(0);
        var hidden = new bool[rows, End(_whole) + 1];
        for (var moment = 0; moment <= End(_whole); moment++)
        {
            var people = new long[rows, 1];
            for (var r = 0; r < rows; r++)
                people[r, 0] = moment == 0 ? Number(r, _whole, CustomerFacts.ActiveAtStart)
                    : Number(r, moment == End(_whole) ? _whole : moment - 1, CustomerFacts.ActiveAtEnd);
            var column = SmallGroups.Hidden(people, lines, minimum);
            for (var r = 0; r < rows; r++)
                hidden[r, moment] = column[r, 0];
        }

        return hidden;
    }

    /// <summary>The fewest of those who moved in each cell; one beside a hidden moment, which is too few.</summary>
    private long[,] Moved(Measure[] moves, bool besideMoments)
    {
        var people = new long[_cells.GetLength(0), _whole + 1];
        for (var r = 0; r < _cells.GetLength(0); r++)
            for (var b = 0; b <= _whole; b++)
                people[r, b] = besideMoments && (_moments[r, Start(b)] || _moments[r, End(b)])
                    ? 1
                    : moves.Select(m => Number(r, b, m)).Where(n => n > 0).DefaultIfEmpty(0).Min();
        return people;
    }

    private long Number(int row, int bucket, Measure measure) => (long)(_cells[row, bucket]?.Raw(measure) ?? 0);
}
