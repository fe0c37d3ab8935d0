namespace CrmGraph.Reporting.Querying;

/// <summary>
/// The sums of a table as a graph: each sum is a node, each cell an edge between the two sums that it is a part of. A hidden cell can be computed from those
/// that are shown exactly when its edge is a bridge of the graph of hidden cells (Gusfield, A graph theoretic approach to statistical data security, 1988):
/// only what lies on a circle of hidden cells can be more or less without a sum noticing. Sums over time of rows that have parts follow from those of their
/// parts, so that no cell is in three.
/// </summary>
internal sealed class CellGraph
{
    // What is no part of any further sum, such as the total of all.
    private const int Outside = 0;

    private readonly long[,] _people;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int[] _lineOfTotal;
    private readonly int[] _lineOfPart;
    private readonly int _nodes;
    private readonly int _top;

    /// <param name="people">Distinct customers: groups by buckets, the last column the whole period.</param>
    /// <param name="lines">Rows that add up to the last of them.</param>
    public CellGraph(long[,] people, IReadOnlyList<int[]> lines)
    {
        (_people, _rows, _columns) = (people, people.GetLength(0), people.GetLength(1));
        (_lineOfTotal, _lineOfPart) = (new int[_rows], new int[_rows]);
        Array.Fill(_lineOfTotal, -1);
        Array.Fill(_lineOfPart, -1);
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Length < 2)
                continue;
            _lineOfTotal[lines[i][^1]] = i;
            foreach (var row in lines[i][..^1])
                _lineOfPart[row] = i;
        }

        _nodes = 1 + _rows + (lines.Count * _columns);
        _top = _rows - 1;
    }

    /// <summary>Hides more cells, the smallest first, until no hidden one can be computed.</summary>
    public void Close(bool[,] hidden)
    {
        var settled = new HashSet<int>();
        while (Mend(hidden, settled))
        {
        }
    }

    /// <summary>Closes a circle with each bridge of one walk. False when there was none left.</summary>
    private bool Mend(bool[,] hidden, HashSet<int> settled)
    {
        var (reached, bridges) = Bridges(hidden);
        var (more, any) = (new List<int>(), false);
        foreach (var (cell, node) in bridges.Where(b => !settled.Contains(b.Cell)))
        {
            any = true;
            var isBelow = Below(reached, node);
            // What was hidden for another bridge may be enough.
            if (more.Exists(c => isBelow[One(c)] != isBelow[Other(c)]))
                continue;
            if (Smallest(hidden, isBelow) is { } closing)
                more.Add(closing);
            else
                settled.Add(cell);
        }

        foreach (var cell in more)
            hidden[cell / _columns, cell % _columns] = true;
        return any;
    }

    /// <summary>The shown cell with the fewest customers that closes a circle with the bridge; totals and empty ones last.</summary>
    private int? Smallest(bool[,] hidden, bool[] isBelow)
    {
        int? best = null;
        for (var cell = 0; cell < _rows * _columns; cell++)
            if (!hidden[cell / _columns, cell % _columns] && isBelow[One(cell)] != isBelow[Other(cell)]
                && (best is null || Rank(cell).CompareTo(Rank(best.Value)) < 0))
                best = cell;
        return best;
    }

    private (bool IsEmpty, bool IsTotal, long People) Rank(int cell)
    {
        var (row, column) = Math.DivRem(cell, _columns);
        return (_people[row, column] == 0, row == _top || column == _columns - 1, _people[row, column]);
    }

    private int One(int cell)
    {
        var (row, column) = Math.DivRem(cell, _columns);
        return _lineOfTotal[row] >= 0 ? OfLine(_lineOfTotal[row], column) : _columns > 1 ? 1 + row : Outside;
    }

    private int Other(int cell) => _lineOfPart[cell / _columns] is >= 0 and var line ? OfLine(line, cell % _columns) : Outside;

    private int OfLine(int line, int column) => 1 + _rows + (line * _columns) + column;

    /// <summary>The hidden cells that can be computed, each with the sum beyond it in a walk over all.</summary>
    private (List<(int Node, int Parent, int Cell)> Reached, List<(int Cell, int Node)> Bridges) Bridges(bool[,] hidden)
    {
        var (reached, beside) = Walk(hidden);
        var circles = new ulong[_nodes];
        // Each edge beside the tree closes a circle, and gets a number; where the numbers below an edge of the tree cancel out, none passes over it.
        var random = new Random(1);
        foreach (var cell in beside)
        {
            var number = (ulong)random.NextInt64();
            circles[One(cell)] ^= number;
            circles[Other(cell)] ^= number;
        }

        var bridges = new List<(int Cell, int Node)>();
        for (var i = reached.Count - 1; i >= 0; i--)
        {
            var (node, parent, cell) = reached[i];
            if (cell < 0)
                continue;
            if (circles[node] == 0)
                bridges.Add((cell, node));
            circles[parent] ^= circles[node];
        }

        return (reached, bridges);
    }

    private bool[] Below(List<(int Node, int Parent, int Cell)> reached, int top)
    {
        var below = new bool[_nodes];
        foreach (var (node, parent, cell) in reached)
            below[node] = node == top || (cell >= 0 && below[parent]);
        return below;
    }

    /// <summary>All sums of hidden cells in the order of a walk over them, each with the cell by which it was reached (-1 at a start).</summary>
    private (List<(int Node, int Parent, int Cell)> Reached, List<int> Beside) Walk(bool[,] hidden)
    {
        var cells = Enumerable.Range(0, _rows * _columns).Where(c => hidden[c / _columns, c % _columns]).ToList();
        var at = cells.SelectMany(c => new[] { (Node: One(c), Cell: c), (Node: Other(c), Cell: c) }).ToLookup(e => e.Node, e => e.Cell);
        var (reached, seen, used) = (new List<(int Node, int Parent, int Cell)>(), new bool[_nodes], new bool[_rows * _columns]);
        foreach (var start in at.Select(e => e.Key).Where(n => !seen[n]))
        {
            var next = reached.Count;
            reached.Add((start, -1, -1));
            for (seen[start] = true; next < reached.Count; next++)
                foreach (var cell in at[reached[next].Node])
                    if ((One(cell) == reached[next].Node ? Other(cell) : One(cell)) is var to && !seen[to])
                    {
                        (seen[to], used[cell]) = (true, true);
                        reached.Add((to, reached[next].Node, cell));
                    }
        }

        return (reached, [.. cells.Where(c => !used[c])]);
    }
}
