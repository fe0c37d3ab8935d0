using System.ComponentModel.DataAnnotations;

namespace CrmGraph.Reporting;

/// <summary>Every limit of the product. Units stand last in the names.</summary>
public sealed record CrmLimits
{
    /// <summary>Conditions in one filter, nested ones counted</summary>
    public int FilterConditions { get; init; } = 200;
    /// <summary>Nesting of and, or, not and related rows in one filter</summary>
    public int FilterDepth { get; init; } = 10;
    /// <summary>Values in one <c>in</c> list</summary>
    public int InListValues { get; init; } = 1_000;
    /// <summary>Words in one <c>search</c></summary>
    public int SearchWords { get; init; } = 10;
    /// <summary>Groups, or different values, that one list of aggregates is made from; more is an error, never a cut</summary>
    public int AggregateGroups { get; init; } = 10_000;
    /// <summary>Keys of one <c>order</c></summary>
    public int SortKeys { get; init; } = 8;
    /// <summary>Characters of a cursor: room for the longest texts that rows may be ordered by</summary>
    public int CursorCharacters { get; init; } = 65_536;
    /// <summary>Rows (groups times buckets) of one metric table; more is an error, never a cut</summary>
    public int MetricRows { get; init; } = 10_000;
    /// <summary>Different values of which a quantile is told, in one table; 16 times as many orders where they come from columns</summary>
    public int MetricValues { get; init; } = 1_000_000;
    /// <summary>Segments in one metric table</summary>
    public int MetricSegments { get; init; } = 20;
    /// <summary>Dimensions in one <c>groupBy</c></summary>
    public int MetricGroupings { get; init; } = 4;
    /// <summary>Borders of `attributeBands`</summary>
    public int MetricBands { get; init; } = 20;
    /// <summary>Groups that <c>first</c> may choose in a metric table</summary>
    public int MetricChosenGroups { get; init; } = 100;
    /// <summary>Orders, lines or customers that one analysis reads; more is an error, never a cut</summary>
    public int AnalysisRows { get; init; } = 2_000_000;
    /// <summary>Customers, products or rules that one list of an analysis shows</summary>
    public int AnalysisItems { get; init; } = 1_000;
    /// <summary>Callers kept between requests</summary>
    public int CachedCallers { get; init; } = 10_000;
    /// <summary>How long a caller is kept: so much later a key revoked by plain SQL is refused</summary>
    [Range(0, int.MaxValue)]
    public int CallerCacheMilliseconds { get; init; } = 1_000;
    /// <summary>Time limit of each computation of a live query</summary>
    public int LiveComputationSeconds { get; init; } = 10;
    /// <summary>A segment that refers to a segment that refers to ...</summary>
    public int SegmentNesting { get; init; } = 5;
    /// <summary>Rows in one bulk mutation</summary>
    public int BulkRows { get; init; } = 1_000;
    /// <summary>Metrics that the company defines itself, archived ones included</summary>
    public int CustomMetrics { get; init; } = 200;
    /// <summary>A metric of the company's own whose formula names one whose formula names ...</summary>
    public int MetricNesting { get; init; } = 5;
    /// <summary>Characters of a formula</summary>
    public int FormulaCharacters { get; init; } = 2_000;
    /// <summary>Numbers, metrics and operators of a formula; and metrics that it is made of, with those of the metrics that it names</summary>
    public int FormulaParts { get; init; } = 100;
    /// <summary>Parentheses and signs in one another</summary>
    public int FormulaDepth { get; init; } = 20;
    /// <summary>Goals of the company</summary>
    public int Goals { get; init; } = 200;
    /// <summary>Annotations of the company</summary>
    public int Annotations { get; init; } = 2_000;
    /// <summary>Sections of a report</summary>
    public int ReportSections { get; init; } = 50;
    /// <summary>Characters of the JSON of one kept result</summary>
    public int ReportResultCharacters { get; init; } = 20_000_000;
    /// <summary>Comments, descriptions, values of attributes</summary>
    public int TextCharacters { get; init; } = 10_000;
    /// <summary>Names, subjects and other single-line texts</summary>
    public int NameCharacters { get; init; } = 500;
    /// <summary>Either part of an outside id; keys of attributes; tags</summary>
    public int KeyCharacters { get; init; } = 200;
    /// <summary>Tags, interests, or outside ids of one row</summary>
    public int WordsPerRow { get; init; } = 200;
    /// <summary>Free attributes of one customer, order or ticket in one write</summary>
    public int AttributesPerCustomer { get; init; } = 200;
    /// <summary>Lines of one order, over all writes and files that bring them</summary>
    public int LinesPerOrder { get; init; } = 10_000;
    /// <summary>Payments of one order, over all writes and files that bring them</summary>
    public int PaymentsPerOrder { get; init; } = 1_000;
    /// <summary>Exports at once; one more is refused. An export is read whole before it is sent, so that no reader holds a connection</summary>
    public int Exports { get; init; } = 8;
    /// <summary>Of these, exports of one caller</summary>
    public int ExportsPerCaller { get; init; } = 2;
    /// <summary>Bytes of one export; beyond the first megabyte they wait for their reader in a temporary file</summary>
    public int ExportBytes { get; init; } = 1_000_000_000;
    /// <summary>How long reading an export may take; sending it is not counted</summary>
    [Range(1, 86_400)]
    public int ExportSeconds { get; init; } = 300;
    /// <summary>Statements whose SQL is kept for queries of the same shape, least recently used first out; with 0 every query is translated anew.</summary>
    [Range(0, int.MaxValue)]
    public int KeptStatements { get; init; } = 2_000;
    /// <summary>Seconds between two refreshes of the kept scores of customers while orders change; 0 keeps none in the background</summary>
    [Range(0, 86_400)]
    public int ScoreSeconds { get; init; } = 60;
    /// <summary>Daily sums of orders are kept in the background and read instead of them where they answer the same.</summary>
    public bool Rollups { get; init; } = true;
    /// <summary>From so many rows of a table on, by PostgreSQL's statistics, its sums are kept by day when they are asked for again</summary>
    public int DailySumRows { get; init; } = 100_000;
    /// <summary>Megabytes of what a server keeps of the rollups it has read: sets of customers and orders in columns; each rollup takes up to an eighth more for sums of days, all together half as much more for buyers of days</summary>
    [Range(1, 100_000)]
    public int RollupMegabytes { get; init; } = 256;
}
