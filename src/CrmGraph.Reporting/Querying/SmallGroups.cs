namespace CrmGraph.Reporting.Querying;

/// <summary>
/// Decides which cells of a table are hidden because fewer than a minimum of customers stand behind them. In every line of cells that add up
/// to a shown total no single cell stays hidden alone, since the total would give it away: the smallest other one is hidden with it, or the total.
/// What several lines together give away is found by <see cref="CellGraph"/>.
/// </summary>
internal static class SmallGroups
{
    /// <param name="people">Distinct customers: groups by buckets, the last row all groups, the last column the whole period.</param>
    public static bool[,] Hidden(long[,] people, int minimum) => Hidden(people, [[.. Enumerable.Range(0, people.GetLength(0))]], minimum);

    /// <param name="people">Distinct customers: groups by buckets, the last column the whole period.</param>
    /// <param name="lines">Rows that add up to the last of them.</param>
    public static bool[,] Hidden(long[,] people, IReadOnlyList<int[]> lines, int minimum)
    {
        var (rows, columns) = (people.GetLength(0), people.GetLength(1));
        var hidden = new bool[rows, columns];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
                hidden[r, c] = people[r, c] > 0 && people[r, c] < minimum;
        for (var changed = true; changed;)
        {
            changed = false;
            for (var r = 0; r < rows; r++)
                changed |= Complete(columns, c => people[r, c], c => hidden[r, c], c => hidden[r, c] = true);
            foreach (var line in lines)
                for (var c = 0; c < columns; c++)
                    changed |= Complete(line.Length, i => people[line[i], c], i => hidden[line[i], c], i => hidden[line[i], c] = true);
        }

        new CellGraph(people, lines).Close(hidden);
        return hidden;
    }

    // A line of one is its own total and gives nothing away.
    private static bool Complete(int length, Func<int, long> people, Func<int, bool> isHidden, Action<int> hide)
    {
        if (length < 2 || Enumerable.Range(0, length).Count(isHidden) != 1)
            return false;
        var others = Enumerable.Range(0, length - 1).Where(i => !isHidden(i) && people(i) > 0).ToList();
        hide(others.Count > 0 ? others.MinBy(people) : !isHidden(length - 1) ? length - 1 : 0);
        return true;
    }
}
