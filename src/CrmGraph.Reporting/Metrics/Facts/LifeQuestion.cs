using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What a statement about the <see cref="Lifecycle"/> asks of who bought on which days.</summary>
internal enum LifeKind
{
    /// <summary>Customers with a purchase on the days.</summary>
    Bought,
    /// <summary>Those with purchases on both ranges of days.</summary>
    BoughtTwice,
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
    /// <summary>The other range of <see cref="LifeKind.BoughtTwice"/>.</summary>
    public DayRange Later { get; init; }

    /// <summary>What is taken away from the numbers; null for nothing.</summary>
    public FactStatement? Less { get; init; }

    /// <summary>The days whose buyers must be known.</summary>
    public DayRange Reads => Kind switch
    {
        LifeKind.Bought => Days,
        LifeKind.BoughtTwice => new(Days.From < Later.From ? Days.From : Later.From, Days.Until > Later.Until ? Days.Until : Later.Until),
        LifeKind.Came => Days with { From = Days.From.AddDays(-Window) },
        _ => Days with { Until = Days.Until.AddDays(Window) },
    };
}
