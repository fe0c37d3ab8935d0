namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What the cells of a table have a place for: the measures of the sources that are read.</summary>
internal sealed class CellLayout(IReadOnlyList<FactSource> sources)
{
    private readonly Measure[] _measures = [.. sources.SelectMany(s => s.Measures).Distinct()];
    private readonly FactSource[] _sources = [.. sources];

    public static CellLayout Empty { get; } = new([]);

    public IReadOnlyList<Measure> List => _measures;
    public int Measures => _measures.Length;
    public int Sources => _sources.Length;
    public IReadOnlyList<Measure> Stocks => field ??= [.. _measures.Where(m => m.IsStock)];
    /// <summary>Of stocks, what stood at the start.</summary>
    public IReadOnlyList<Measure> Starts => field ??= [.. _measures.Where(m => m.StartOf is not null)];

    // They are few: looking through them is as quick as a hash.
    public int Of(Measure measure) => Array.IndexOf(_measures, measure);

    public int Of(FactSource source) => Array.IndexOf(_sources, source);
}
