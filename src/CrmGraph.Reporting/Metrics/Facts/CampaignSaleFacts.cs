using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Which of the campaigns that a customer's orders name get the credit for an order.</summary>
public enum Attribution
{
    /// <summary>The first campaign within the window.</summary>
    First,
    /// <summary>The last campaign within the window: the order's own, if it names one.</summary>
    Last,
    /// <summary>All campaigns within the window in equal parts, one part for each order that names a campaign.</summary>
    Linear,
}

internal sealed record CampaignSaleRow : FactRow
{
    public bool IsSale { get; set; }
    public long CampaignRevenue { get; set; }
    public long CampaignCustomers { get; set; }
}

/// <summary>An order, and a sale up to it that names a campaign.</summary>
internal sealed class MetCampaign
{
    public Order Order { get; set; } = null!;
    public Order Sale { get; set; } = null!;
}

/// <summary>An order, and the campaign that a sale up to it names.</summary>
internal sealed class CountedCampaign
{
    public Order Order { get; set; } = null!;
    public Guid? Campaign { get; set; }
    /// <summary>How many the customer met before it, and after it up to the order.</summary>
    public long Before { get; set; }
    public long After { get; set; }
}

/// <summary>An order with a campaign that gets the credit for one of so many parts of it.</summary>
internal sealed class CreditedOrder
{
    public Order Order { get; set; } = null!;
    public Guid? Campaign { get; set; }
    /// <summary>From 1.</summary>
    public long Part { get; set; }
    public long Parts { get; set; }
}

/// <summary>
/// Orders by the campaigns that brought them. A customer meets a campaign with each sale that names one; an order is credited to those that he met in the days
/// up to it, itself included. Orders of customers who met none belong to no campaign and are not here. Of guests only the order itself tells.
/// </summary>
internal sealed class CampaignSaleFacts : FlowFacts<CampaignSaleRow>
{
    public const int UsualDays = 30;

    private readonly Attribution _attribution;
    private readonly int _window;

    public static CampaignSaleFacts Usual { get; } = new(Attribution.Last, UsualDays);

    private CampaignSaleFacts(Attribution attribution, int window) : this(
        attribution,
        window,
        Measure.Of<CampaignSaleRow>(r => r.CampaignRevenue, OrderFacts.Recorded, MeasureUnit.Money),
        Measure.Of<CampaignSaleRow>(r => r.CampaignCustomers, OrderFacts.Recorded))
    {
    }

    private CampaignSaleFacts(Attribution attribution, int window, Measure revenue, Measure customers) : base(
        [revenue, customers], (customers, rows => rows.Where(x => x.IsSale && x.IsKnown).Select(x => x.CustomerId).Distinct().Count()))
    {
        (_attribution, _window, Revenue, Customers) = (attribution, window, revenue, customers);
    }

    /// <summary>Sales less returns, as far as they are credited to campaigns.</summary>
    public Measure Revenue { get; }

    /// <summary>Distinct known customers with a sale that is credited to a campaign.</summary>
    public Measure Customers { get; }

    public static CampaignSaleFacts By(Attribution attribution, int window)
    {
        var made = new CampaignSaleFacts(attribution, window);
        made.Revenue.Made = made.Customers.Made = made;
        return made;
    }

    public override string ToString() => $"{nameof(CampaignSaleFacts)} {_attribution} {_window}";

    public override FactSubject? Subject => FactSubject.Order;

    // A customer can have met the campaign more than once.
    public override FactIdentity IdentityOf(Measure measure) => IsSum(measure) ? FactIdentity.PartOfFact : base.IdentityOf(measure);

    public override IReadOnlyList<string> Tables { get; } = ["orders"];

    public override bool ReadsAllBefore => true;

    public override bool HasHours => true;

    public override bool Supports(MetricDimension dimension) =>
        dimension.IsOfOrders() || base.Supports(dimension);

    public override double Price(Measure measure, bool byTime) => 4;

    protected override IQueryable<CampaignSaleRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var all = context.Database.Orders.AsNoTracking().Where(o => o.CancelledAt == null);
        var orders = context.Filtered(all.Where(o => o.Day >= days.From && o.Day < days.Until), OrderRows.Attributes);
        return (context with { Filter = new() }).Rows(
            Credited(context, orders, all), columns, c => c.Order.CustomerId, c => new FactAttributes { Channel = null, OwnerId = null },
            OrderRows.Whole((CreditedOrder c) => c.Order, c => new CampaignSaleRow
            {
                Campaign = c.Campaign,
                IsSale = c.Order.Kind == OrderKind.Sale,
                // Parts of whole numbers that add up to the whole: the first ones take what is left over.
                CampaignRevenue = ((c.Order.GrossAmount - c.Order.ReturnedAmount) / c.Parts)
                    + (c.Part <= (c.Order.GrossAmount - c.Order.ReturnedAmount) % c.Parts ? 1
                        : c.Part <= (c.Order.ReturnedAmount - c.Order.GrossAmount) % c.Parts ? -1 : 0),
            }));
    }

    private IQueryable<CreditedOrder> Credited(FactContext context, IQueryable<Order> orders, IQueryable<Order> all)
    {
        var (window, first, last) = (_window, Guests.First, Guests.Last);
        // Which customers count is known here, before what they met is counted.
        if (context.Customers is { } counts)
            orders = orders.Where(o => context.Database.Customers.Where(counts).Any(c => c.Id == o.CustomerId));
        var met =
            from order in orders
            from sale in all
            where sale.CustomerId == order.CustomerId && sale.CampaignId != null && (sale.Id == order.Id || (sale.Kind == OrderKind.Sale
                && (sale.OrderedAt < order.OrderedAt || (sale.OrderedAt == order.OrderedAt && sale.Id < order.Id))
                && sale.Day >= order.Day.AddDays(-window) && (sale.CustomerId < first || sale.CustomerId > last)))
            select new MetCampaign { Order = order, Sale = sale };
        Expression<Func<MetCampaign, IQueryable<Order>>> before = m => all.Where(other => other.CustomerId == m.Order.CustomerId && other.CampaignId != null
            && other.Kind == OrderKind.Sale
            && (other.OrderedAt < m.Sale.OrderedAt || (other.OrderedAt == m.Sale.OrderedAt && other.Id < m.Sale.Id))
            && other.Day >= m.Order.Day.AddDays(-window) && (other.CustomerId < first || other.CustomerId > last));
        Expression<Func<MetCampaign, IQueryable<Order>>> after = m => all.Where(other => other.CustomerId == m.Order.CustomerId && other.CampaignId != null
            && (other.OrderedAt > m.Sale.OrderedAt || (other.OrderedAt == m.Sale.OrderedAt && other.Id > m.Sale.Id))
            && (other.Id == m.Order.Id || (other.Kind == OrderKind.Sale
                && (other.OrderedAt < m.Order.OrderedAt || (other.OrderedAt == m.Order.OrderedAt && other.Id < m.Order.Id)))));
        return _attribution switch
        {
            Attribution.First => Whole(met.Where(IsNone(before))),
            Attribution.Last => Whole(met.Where(IsNone(after))),
            // EF writes each count wherever it is used: eight of them are made for each order and campaign.
            _ => met.Select(Counted(before, after))
                .Select(m => new CreditedOrder { Order = m.Order, Campaign = m.Campaign, Part = m.Before + 1, Parts = m.Before + m.After + 1 }),
        };
    }

    private static IQueryable<CreditedOrder> Whole(IQueryable<MetCampaign> met) =>
        met.Select(m => new CreditedOrder { Order = m.Order, Campaign = m.Sale.CampaignId, Part = 1, Parts = 1 });

    // Databases join by that there is no other one, and would count the others of each order by itself (of 78,000 orders PostgreSQL reads 4,200 blocks
    // instead of 366,000).
    private static Expression<Func<MetCampaign, bool>> IsNone(Expression<Func<MetCampaign, IQueryable<Order>>> others) =>
        Expression.Lambda<Func<MetCampaign, bool>>(Expression.Not(Of(nameof(Queryable.Any), others.Body)), others.Parameters);

    private static Expression<Func<MetCampaign, CountedCampaign>> Counted(
        Expression<Func<MetCampaign, IQueryable<Order>>> before, Expression<Func<MetCampaign, IQueryable<Order>>> after)
    {
        Expression<Func<MetCampaign, long, long, CountedCampaign>> made =
            (m, b, a) => new CountedCampaign { Order = m.Order, Campaign = m.Sale.CampaignId, Before = b, After = a };
        var row = made.Parameters[0];
        var body = Conditions.Replace(
            Conditions.Replace(made.Body, made.Parameters[1], Of(nameof(Queryable.LongCount), Conditions.Replace(before.Body, before.Parameters[0], row))),
            made.Parameters[2], Of(nameof(Queryable.LongCount), Conditions.Replace(after.Body, after.Parameters[0], row)));
        return Expression.Lambda<Func<MetCampaign, CountedCampaign>>(body, row);
    }

    private static MethodCallExpression Of(string method, Expression others) => Expression.Call(typeof(Queryable), method, [typeof(Order)], others);
}
