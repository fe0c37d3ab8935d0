using System.Diagnostics;
using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics;

/// <summary>
/// The one place where metrics reach rows: the facts of a source that a caller may see and a filter lets through, as <see cref="FactRow"/>s.
/// </summary>
/// <param name="customers">The condition on the customer of a fact: row rules, filter and segment together; null when every customer counts, guests included.</param>
internal sealed class FactSources(CrmDbContext db, FactFilter filter, Expression<Func<Customer, bool>>? customers)
{
    /// <summary>Facts that happened on the days, by source.</summary>
    public IQueryable<FactRow> On(FactSource source, DayRange days, IReadOnlySet<string> columns) => source switch
    {
        FactSource.Orders => Orders(days, columns),
        FactSource.Lines => Lines(days, columns),
        FactSource.Tickets => Tickets(days, columns),
        FactSource.Surveys => Surveys(days, columns),
        FactSource.ClosedOpportunities => Closed(days, columns),
        FactSource.Spend => Spend(days, columns),
        _ => throw new UnreachableException($"{source} is a stock, not a flow."),
    };

    private IQueryable<FactRow> Orders(DayRange days, IReadOnlySet<string> columns)
    {
        var orders = db.Orders.AsNoTracking().Where(o => o.CancelledAt == null && o.Day >= days.From && o.Day < days.Until);
        return Finish(orders, columns, o => o.CustomerId, o => new FactAttributes { Channel = o.Channel, OwnerId = o.OwnerId }, o => new FactRow
        {
            CustomerId = o.CustomerId,
            OrderId = o.Id,
            Day = o.Day,
            Hour = o.Hour,
            TransactionDay = o.Day,
            Currency = o.Currency,
            Channel = o.Channel,
            Owner = o.OwnerId,
            ShippingCountry = o.ShippingCountry,
            IsSale = o.Kind == OrderKind.Sale,
            Gross = o.GrossAmount,
            Returned = o.ReturnedAmount,
            Discount = o.DiscountAmount,
            KnownGross = o.Customer!.IsGuest ? 0 : o.GrossAmount,
            KnownReturned = o.Customer!.IsGuest ? 0 : o.ReturnedAmount,
            Orders = o.Kind == OrderKind.Sale ? 1 : 0,
            KnownOrders = o.Kind == OrderKind.Sale && !o.Customer!.IsGuest ? 1 : 0,
        });
    }

    private IQueryable<FactRow> Lines(DayRange days, IReadOnlySet<string> columns)
    {
        var lines = db.OrderLines.AsNoTracking().Where(l => l.CancelledAt == null && l.Day >= days.From && l.Day < days.Until);
        if (filter.Line is { } line)
            lines = lines.Where(line);
        if (filter.Product is { } product)
            lines = lines.Where(Expression.Lambda<Func<OrderLine, bool>>(OfProduct(product, out var row), row));
        // With a condition on customers the lines of a few may be found by their index: summing before that would read all of them.
        if (customers is null && LineShares.Help(columns))
            return Shares(lines, columns);
        return Finish(lines, columns, l => l.CustomerId, l => new FactAttributes { Channel = l.Channel, OwnerId = l.OwnerId }, l => new FactRow
        {
            CustomerId = l.CustomerId,
            OrderId = l.OrderId,
            Day = l.Day,
            Hour = l.Hour,
            TransactionDay = l.Day,
            Currency = l.Currency,
            Channel = l.Channel,
            Owner = l.OwnerId,
            ProductCategory = l.Product!.Category,
            ShippingCountry = l.Order!.ShippingCountry,
            IsSale = l.Kind == OrderKind.Sale,
            Gross = l.Kind == OrderKind.Sale ? l.Amount : 0,
            Returned = l.Kind == OrderKind.Return ? l.Amount : 0,
            Discount = l.Kind == OrderKind.Sale ? l.DiscountAmount : 0,
            KnownGross = l.Kind == OrderKind.Sale && !l.Customer!.IsGuest ? l.Amount : 0,
            KnownReturned = l.Kind == OrderKind.Return && !l.Customer!.IsGuest ? l.Amount : 0,
            Units = l.Kind == OrderKind.Sale ? l.Quantity : 0,
        });
    }

    private IQueryable<FactRow> Shares(IQueryable<OrderLine> lines, IReadOnlySet<string> columns)
    {
        if (filter.Fact is { } fact)
            lines = lines.Where(OnAttributes<OrderLine>(fact, l => new FactAttributes { Channel = l.Channel, OwnerId = l.OwnerId }));
        return FactQuery.Project(LineShares.Of(lines, columns), columns, s => new FactRow
        {
            CustomerId = s.CustomerId,
            OrderId = s.OrderId,
            Day = s.Day,
            Hour = s.Hour,
            TransactionDay = s.Day,
            Currency = s.Currency,
            Channel = s.Channel,
            Owner = s.OwnerId,
            ProductCategory = s.Category,
            ShippingCountry = s.ShippingCountry,
            IsSale = s.Kind == OrderKind.Sale,
            Gross = s.Kind == OrderKind.Sale ? s.Amount : 0,
            Returned = s.Kind == OrderKind.Return ? s.Amount : 0,
            Discount = s.Kind == OrderKind.Sale ? s.DiscountAmount : 0,
            KnownGross = s.Kind == OrderKind.Sale && !s.Customer!.IsGuest ? s.Amount : 0,
            KnownReturned = s.Kind == OrderKind.Return && !s.Customer!.IsGuest ? s.Amount : 0,
            Units = s.Kind == OrderKind.Sale ? s.Quantity : 0,
        }, s => s.CustomerId, db.Customers.AsNoTracking(), restricted: false);
    }

    // A line without a product fulfils no condition on products.
    private static BinaryExpression OfProduct(Expression<Func<Product, bool>> condition, out ParameterExpression row)
    {
        row = Expression.Parameter(typeof(OrderLine), "l");
        var product = Expression.Property(row, nameof(OrderLine.Product));
        return Expression.AndAlso(
            Expression.NotEqual(Expression.Property(row, nameof(OrderLine.ProductId)), Expression.Constant(null, typeof(Guid?))),
            FactQuery.Replace(condition.Body, condition.Parameters[0], product));
    }

    private IQueryable<FactRow> Tickets(DayRange days, IReadOnlySet<string> columns)
    {
        var tickets = db.Tickets.AsNoTracking().Where(t => t.Day >= days.From && t.Day < days.Until);
        return Finish(tickets, columns, t => t.CustomerId, t => new FactAttributes { Channel = t.Channel, OwnerId = t.AgentId }, t => new FactRow
        {
            CustomerId = t.CustomerId,
            Day = t.Day,
            Hour = t.Hour,
            Channel = t.Channel,
            Owner = t.AgentId,
            TicketPriority = t.Priority,
            Enquiries = t.Kind == TicketKind.Enquiry ? 1 : 0,
            Complaints = t.Kind == TicketKind.Complaint ? 1 : 0,
        });
    }

    private IQueryable<FactRow> Surveys(DayRange days, IReadOnlySet<string> columns)
    {
        // R41: answers outside the scale are not answers.
        var answers = db.SurveyAnswers.AsNoTracking().Where(a => a.Day >= days.From && a.Day < days.Until
            && ((a.Kind == SurveyKind.Nps && a.Score >= 0 && a.Score <= 10) || (a.Kind == SurveyKind.Csat && a.Score >= 1 && a.Score <= a.ScaleMaximum && a.ScaleMaximum > 1)));
        return Finish(answers, columns, a => a.CustomerId, a => new FactAttributes { Channel = a.Channel, OwnerId = a.Customer!.OwnerId }, a => new FactRow
        {
            CustomerId = a.CustomerId,
            Day = a.Day,
            Hour = a.Hour,
            Channel = a.Channel,
            NpsAnswers = a.Kind == SurveyKind.Nps ? 1 : 0,
            Promoters = a.Kind == SurveyKind.Nps && a.Score >= 9 ? 1 : 0,
            Detractors = a.Kind == SurveyKind.Nps && a.Score <= 6 ? 1 : 0,
            CsatAnswers = a.Kind == SurveyKind.Csat ? 1 : 0,
            // Mapped linearly to 1 to 5, positive is 4 and above: (score - 1) / (max - 1) >= 3/4.
            CsatPositive = a.Kind == SurveyKind.Csat && (a.Score - 1) * 4 >= (a.ScaleMaximum - 1) * 3 ? 1 : 0,
        });
    }

    private IQueryable<FactRow> Closed(DayRange days, IReadOnlySet<string> columns)
    {
        var closed = db.Opportunities.AsNoTracking().Where(o => o.Status != OpportunityStatus.Open && o.ClosedDay >= days.From && o.ClosedDay < days.Until);
        return Opportunities(closed, columns, o => new FactRow
        {
            CustomerId = o.CustomerId,
            Day = o.ClosedDay!.Value,
            Channel = o.Channel,
            Owner = o.OwnerId,
            Won = o.Status == OpportunityStatus.Won ? 1 : 0,
            Lost = o.Status == OpportunityStatus.Lost ? 1 : 0,
        });
    }

    /// <summary>Opportunities open at the end of a day.</summary>
    public IQueryable<FactRow> OpenAtEndOf(DateOnly day, IReadOnlySet<string> columns) => Opportunities(
        db.Opportunities.AsNoTracking().Where(o => o.Day <= day && (o.Status == OpportunityStatus.Open || o.ClosedDay > day)), columns, AsOpened);

    /// <summary>Opportunities that opened on the days and outlived the day on which they did.</summary>
    public IQueryable<FactRow> Opened(DayRange days, IReadOnlySet<string> columns) => Opportunities(
        db.Opportunities.AsNoTracking().Where(o => o.Day >= days.From && o.Day < days.Until && (o.Status == OpportunityStatus.Open || o.ClosedDay > o.Day)), columns, AsOpened);

    /// <summary>Opportunities that ceased to be open on the days, of those that <see cref="Opened"/> once counted.</summary>
    public IQueryable<FactRow> CeasedToBeOpen(DayRange days, IReadOnlySet<string> columns) => Opportunities(
        db.Opportunities.AsNoTracking().Where(o => o.Status != OpportunityStatus.Open && o.ClosedDay >= days.From && o.ClosedDay < days.Until && o.ClosedDay > o.Day), columns,
        o => new FactRow
        {
            CustomerId = o.CustomerId,
            Day = o.ClosedDay!.Value,
            TransactionDay = o.Day,
            Currency = o.Currency,
            Channel = o.Channel,
            Owner = o.OwnerId,
            OpenAmount = o.Amount ?? 0,
            OpenDeals = 1,
            EstimatedDeals = o.Amount != null ? 1 : 0,
        });

    private static readonly Expression<Func<Opportunity, FactRow>> AsOpened = o => new FactRow
    {
        CustomerId = o.CustomerId,
        Day = o.Day,
        TransactionDay = o.Day,
        Currency = o.Currency,
        Channel = o.Channel,
        Owner = o.OwnerId,
        OpenAmount = o.Amount ?? 0,
        OpenDeals = 1,
        EstimatedDeals = o.Amount != null ? 1 : 0,
    };

    private IQueryable<FactRow> Opportunities(IQueryable<Opportunity> rows, IReadOnlySet<string> columns, Expression<Func<Opportunity, FactRow>> own) =>
        Finish(rows, columns, o => o.CustomerId, o => new FactAttributes { Channel = o.Channel, OwnerId = o.OwnerId }, own);

    private IQueryable<FactRow> Spend(DayRange days, IReadOnlySet<string> columns)
    {
        var spend = db.CampaignSpend.AsNoTracking().Where(s => s.Day >= days.From && s.Day < days.Until);
        if (filter.Fact is { } fact)
            spend = spend.Where(OnAttributes<CampaignSpend>(fact, s => new FactAttributes { Channel = s.Channel, OwnerId = null }));
        return FactQuery.Project(spend, columns, s => new FactRow
        {
            Day = s.Day,
            TransactionDay = s.Day,
            Currency = s.Currency,
            Channel = s.Channel,
            AcquisitionChannel = s.Channel,
            Spend = s.Amount,
        });
    }

    private IQueryable<FactRow> Finish<T>(
        IQueryable<T> facts, IReadOnlySet<string> columns, Expression<Func<T, Guid>> customer, Expression<Func<T, FactAttributes>> attributes, Expression<Func<T, FactRow>> own)
    {
        if (filter.Fact is { } fact)
            facts = facts.Where(OnAttributes(fact, attributes));
        var all = db.Customers.AsNoTracking();
        return FactQuery.Project(facts, columns, own, customer, customers is null ? all : all.Where(customers), customers is not null);
    }

    private static Expression<Func<T, bool>> OnAttributes<T>(Expression<Func<FactAttributes, bool>> condition, Expression<Func<T, FactAttributes>> attributes) =>
        Expression.Lambda<Func<T, bool>>(new Attributes(condition.Parameters[0], (MemberInitExpression)attributes.Body).Visit(condition.Body), attributes.Parameters[0]);

    private sealed class Attributes(ParameterExpression row, MemberInitExpression by) : ExpressionVisitor
    {
        protected override Expression VisitMember(MemberExpression node)
        {
            if (node.Expression != row)
                return base.VisitMember(node);
            var value = ((MemberAssignment)by.Bindings.Single(b => b.Member.Name == node.Member.Name)).Expression;
            return value.Type == node.Type ? value : Expression.Convert(value, node.Type);
        }
    }
}
