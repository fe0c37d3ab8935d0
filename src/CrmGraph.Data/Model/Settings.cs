using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>What every server on this database must agree on: the single row of the table settings.</summary>
[Traits(TableTraits.History | TableTraits.Changes)]
public sealed class Settings
{
    [GraphQLIgnore] public int Id { get; set; } = 1;
    /// <summary>IANA name of the zone in which days begin.</summary>
    public string ReportingZone { get; set; } = "UTC";
    public DayOfWeek WeekStart { get; set; } = DayOfWeek.Monday;
    /// <summary>Month (1 to 12) in which the fiscal year begins; the fiscal year is named after the calendar year in which it ends.</summary>
    public int FiscalYearStartMonth { get; set; } = 1;
    /// <summary>A customer is active on a day when he bought within this many days up to it.</summary>
    public int ActivityDays { get; set; } = 90;
    /// <summary>ISO 4217 code of the reporting currency.</summary>
    public string Currency { get; set; } = "EUR";
    /// <summary>Groups with fewer distinct customers are suppressed for callers below administrator; 0 switches it off.</summary>
    public int SmallGroupMinimum { get; set; }
}

/// <summary>One day of the reporting calendar. Bucket numbers grow by one per bucket.</summary>
[Traits(TableTraits.None, Key = "day")]
public sealed class CalendarDay
{
    public DateOnly Day { get; set; }
    public int Week { get; set; }
    public int Month { get; set; }
    public int Quarter { get; set; }
    public int Year { get; set; }
    public int FiscalMonth { get; set; }
    public int FiscalQuarter { get; set; }
    public int FiscalYear { get; set; }
    public string? Holiday { get; set; }
}

/// <summary>A row as it was before it was changed or deleted.</summary>
[Traits(TableTraits.None, Key = "sequence")]
public sealed class HistoryRow
{
    public long Sequence { get; set; }
    public string Table { get; set; } = "";
    /// <summary>The row's id; for a row with a composite key its parts joined by <c>/</c>. Ids are lower-case UUID text on both engines.</summary>
    public string RowId { get; set; } = "";
    /// <summary>Whose row it was, so that erasing a person finds every old copy; null for reference rows.</summary>
    public Guid? CustomerId { get; set; }
    /// <summary>U for an update, D for a deletion.</summary>
    public char Operation { get; set; }
    public DateTime ChangedAt { get; set; }
    /// <summary>The old row as JSON, by column name; <c>{}</c> when it was blanked because the person was erased.</summary>
    public string Row { get; set; } = "";
}

/// <summary>A hint that committed data changed: read by servers that have live queries.</summary>
[Traits(TableTraits.None, Key = "sequence")]
public sealed class ChangeRow
{
    public long Sequence { get; set; }
    public long Transaction { get; set; }
    public string Table { get; set; } = "";
    public DateOnly? FromDay { get; set; }
    public DateOnly? ToDay { get; set; }
    public DateTime ChangedAt { get; set; }
}
