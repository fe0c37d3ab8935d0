using System.Linq.Expressions;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What tickets are told apart by, whatever is counted of them; they are their agent's.</summary>
internal static class TicketRows
{
    public static Expression<Func<Ticket, FactAttributes>> Attributes { get; } = t => new FactAttributes { Channel = t.Channel, OwnerId = t.AgentId };

    private static readonly Expression<Func<Ticket, FactRow>> Common = t => new FactRow
    {
        Fact = t.Id,
        CustomerId = t.CustomerId,
        Channel = t.Channel,
        Owner = t.AgentId,
        SalesTeam = t.Agent!.TeamId,
        Agent = t.AgentId,
        TicketKind = t.Kind,
        TicketTopic = t.Topic,
        TicketPriority = t.Priority,
        TicketAttribute = AskedAttribute.Of(t.Attributes),
    };

    /// <param name="own">Its day, and what is counted.</param>
    public static IQueryable<TRow> Of<TRow>(
        FactContext context, IQueryable<Ticket> tickets, IReadOnlySet<string> columns, Expression<Func<Ticket, TRow>> own) where TRow : FactRow =>
        context.Rows(tickets, columns, t => t.CustomerId, Attributes, Whole(own));

    /// <summary>A row with what it is told apart by.</summary>
    public static Expression<Func<Ticket, TRow>> Whole<TRow>(Expression<Func<Ticket, TRow>> own) where TRow : FactRow => FactQuery.With(Common, own);
}
