using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>The settings that all servers of this database share.</summary>
[Traits(TableTraits.History | TableTraits.Changes)]
public sealed class Settings
{
    [GraphQLIgnore] public int Id { get; set; } = 1;
    /// <summary>The IANA name of the reporting time zone, in which days begin and end.</summary>
    public string ReportingZone { get; set; } = "UTC";
    /// <summary>The first day of the week.</summary>
    public DayOfWeek WeekStart { get; set; } = DayOfWeek.Monday;
    /// <summary>The month in which the fiscal year begins, 1 to 12. A fiscal year is named after the calendar year in which it ends.</summary>
    public int FiscalYearStartMonth { get; set; } = 1;
    /// <summary>The activity window: a customer is active on a day if the last purchase was within this number of days up to it.</summary>
    public int ActivityDays { get; set; } = 90;
    /// <summary>The ISO 4217 code of the reporting currency.</summary>
    public string Currency { get; set; } = "EUR";
    /// <summary>Groups of fewer distinct customers are suppressed, except for administrators; 0 switches suppression off.</summary>
    public int SmallGroupMinimum { get; set; }
    /// <summary>The numbers of the rollups that were added to the shipped ones, with commas between them.</summary>
    [GraphQLIgnore] public string AddedRollups { get; set; } = "";
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
    /// <summary>Rows were added, and none of those before changed. On SQLite never said.</summary>
    public bool IsNew { get; set; }
    public DateTime ChangedAt { get; set; }
}
