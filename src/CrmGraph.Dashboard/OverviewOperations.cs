namespace CrmGraph.Dashboard;

/// <summary>The operations of the overview, and their results: each type holds exactly what its document selects.</summary>
internal static class OverviewOperations
{
    public static readonly Operation<Table<TilesTable>> Tiles = new("overview-tiles");
    public static readonly Operation<Table<MonthsTable>> Months = new("overview-months");
    public static readonly Operation<Table<ChannelsTable>> Channels = new("overview-channels");
    public static readonly Operation<Table<MovementTable>> Movement = new("overview-movement");
    public static readonly Operation<FunnelData> Funnel = new("overview-funnel");
    public static readonly Operation<StagesData> Stages = new("overview-stages");
    public static readonly Operation<ViewerData> Viewer = new("viewer");
}

public sealed record Table<T>(T Metrics);

public sealed record Days(DateOnly Start, DateOnly Through);

public sealed record DaysNow(DateOnly Start, DateOnly Through, bool Incomplete);

public sealed record Bucket(DateOnly Start, bool Incomplete);

/// <param name="Reason">Why there is no value.</param>
public sealed record Figure(decimal? Value, string? Reason, decimal? Previous, decimal? ChangeRatio, decimal? Change, bool? Favourable);

public sealed record Reasoned(decimal? Value, string? Reason);

public sealed record TilesTable(DateTime AsOf, string Currency, DaysNow Period, Days? Comparison, TileTotals Totals, IReadOnlyList<TileDay> BucketTotals);

public sealed record TileTotals(Figure Revenue, Figure Orders, Figure AverageOrderValue, Figure Buyers, Figure NewCustomers, Figure Nps);

public sealed record TileDay(Bucket Bucket, Plain Revenue, Plain Orders, Plain AverageOrderValue, Plain Buyers, Plain NewCustomers, Plain Nps);

public sealed record Plain(decimal? Value);

public sealed record Compared(decimal? Value, decimal? Previous);

public sealed record MonthsTable(string Currency, IReadOnlyList<MonthTotals> BucketTotals);

public sealed record MonthTotals(Bucket Bucket, Compared Revenue, Compared Orders);

public sealed record ChannelsTable(string Currency, IReadOnlyList<ChannelRow> Rows);

public sealed record ChannelRow(IReadOnlyList<Member> Dimensions, ChannelRevenue Revenue, Plain Orders);

public sealed record Member(string Label, string Kind);

public sealed record ChannelRevenue(decimal? Value, string? Reason, decimal? Previous, decimal? Share, decimal? ChangeRatio);

public sealed record MovementTable(MovementTotals Totals);

public sealed record MovementTotals(
    Reasoned CustomersAtStart, Reasoned NewCustomers, Reasoned ReactivatedCustomers, Reasoned LostCustomers, Reasoned CustomersAtEnd);

public sealed record StagesData(Listed<StageOf> Opportunities)
{
    private const int StepsAtMost = 8;

    /// <summary>As steps of a funnel: how likely a sale is in each stage tells their order.</summary>
    public IReadOnlyList<object> Steps =>
    [
        .. Opportunities.Nodes.GroupBy(o => o.Stage).OrderBy(g => g.Average(o => o.Probability ?? 0)).ThenByDescending(g => g.Count())
            .Take(StepsAtMost).Select(g => new { stage = g.Key }),
    ];
}

public sealed record StageOf(string Stage, int? Probability);

public sealed record FunnelData(FunnelSteps? Funnel);

public sealed record FunnelSteps(int N, IReadOnlyList<FunnelStep> Steps);

public sealed record FunnelStep(string? Stage, int? Reached, double? Conversion, double? Overall, string? Reason);

public sealed record ViewerData(ViewerNow Viewer, ZoneNow Settings);

public sealed record ViewerNow(string Name, string Role)
{
    public bool MaySave => Role != "VIEWER";
    public bool IsAdministrator => Role == "ADMINISTRATOR";
}
