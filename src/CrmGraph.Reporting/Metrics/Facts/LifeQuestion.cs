using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What a statement about the <see cref="Lifecycle"/> asks of who bought on which days.</summary>
internal enum LifeKind
{
    /// <summary>Customers with a purchase on the days.</summary>
    Bought,
    /// <summary>Of each two <see cref="LifeQuestion.Ends"/> that follow each other, those active before both: by the first one.</summary>
    Stayed,
    /// <summary>By day, those of its buyers who did not buy in the window before it: they come, for the first time or again.</summary>
    Came,
    /// <summary>By day, those of its buyers who did not buy in the window after it.</summary>
    Ceased,
}

/// <summary>A statement as it follows from sets of buyers, so that no fact needs to be read.</summary>
/// <param name="Days">On which customers bought; of events, those of the purchases that cause them.</param>
/// <param name="Window">Days for which a purchase keeps a customer.</param>
internal sealed record LifeQuestion(LifeKind Kind, DayRange Days, int Window)
{
    /// <summary>Of <see cref="LifeKind.Stayed"/>, in ascending order: each the first day after one on which it is asked who is active.</summary>
    public IReadOnlyList<DateOnly> Ends { get; init; } = [];

    /// <summary>What is taken away from the numbers; null for nothing.</summary>
    public FactStatement? Less { get; init; }

    /// <summary>The days whose buyers must be known.</summary>
    public DayRange Reads => Kind switch
    {
        LifeKind.Bought or LifeKind.Stayed => Days,
        LifeKind.Came => Days with { From = Days.From.AddDays(-Window) },
        _ => Days with { Until = Days.Until.AddDays(Window) },
    };
}
