namespace CrmGraph.Data.Database;

/// <summary>How the values of a column of time are spread over its table, as the database's own statistics tell.</summary>
/// <param name="Rows">About how many rows the table has.</param>
/// <param name="Bounds">Values between which there are equally many rows each, in seconds since 1970, ascending; at least two.</param>
internal sealed record ColumnSpread(double Rows, double[] Bounds)
{
    /// <summary>About how many rows have values in a stretch.</summary>
    public double RowsWithin(double from, double until) => Rows * Math.Max(0, ShareBefore(until) - ShareBefore(from));

    private double ShareBefore(double value)
    {
        var place = Array.BinarySearch(Bounds, value);
        if (place < 0)
            place = ~place - 1;
        if (place < 0)
            return 0;
        if (place >= Bounds.Length - 1)
            return 1;
        return (place + ((value - Bounds[place]) / (Bounds[place + 1] - Bounds[place]))) / (Bounds.Length - 1);
    }
}
